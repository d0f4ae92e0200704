// Runs one job on the VM: files and Python text come as JSON on stdin, what it prints goes to stdout line by line.
// Arguments: the folder of the VM's npm package. Exit status 1 when the VM raised; the traceback goes to stderr.

import fs from 'node:fs';
import {loadVm} from './load.mjs';

const STDIN = 0;
const STDOUT = 1;

const job = JSON.parse(fs.readFileSync(STDIN, 'utf8'));
const vm = await loadVm(process.argv[2], job.files, {
    heapsize: job.heap_bytes,
    stdout: (line) => fs.writeSync(STDOUT, line + '\n'),
});
vm.runPython(job.source); // what it raises ends the program, in load.mjs
if (job.step !== null) {
    // The port collects garbage only between two calls from JavaScript, so a long run is a series of short calls.
    const step = vm.globals.get(job.step);
    while (step() !== false);
}
