// Loads one MicroPython VM and fills its file system; does not know what runs on it.

import path from 'node:path';
import {pathToFileURL} from 'node:url';

// Node would print the line of the VM's code where it happened, and that line is the whole VM.
process.on('uncaughtException', (error) => {
    process.stderr.write(`${error.message ?? error}`.trimEnd() + '\n');
    process.exit(1);
});

/**
 * A fresh VM with `files` ({path: base64}) written into its file system.
 * One VM a process: the port keeps its proxies in globals of the JavaScript realm.
 */
export async function loadVm(packageDir, files, options) {
    const module = await import(pathToFileURL(path.join(packageDir, 'micropython.mjs')).href);
    const vm = await module.loadMicroPython(options);
    writeFiles(vm.FS, files);
    return vm;
}

/** Writes `files` ({path: base64}) with the folders they need. */
export function writeFiles(FS, files) {
    for (const [name, text] of Object.entries(files)) {
        FS.mkdirTree(path.posix.dirname(name));
        FS.writeFile(name, Buffer.from(text, 'base64'));
    }
}
