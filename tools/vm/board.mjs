// The virtual board: one boot of the chip on one VM, from boot.py until the next reset, in real time.
// Arguments: the VM's package, a folder with job.json (left.json is written there at a reset), and the descriptors
// of the console's input and output, of commands and of answers. What the chip is wired to is in live.py.

import fs from 'node:fs';
import path from 'node:path';
import {Clock, block} from './clock.mjs';
import {Console, readWaiting} from './console.mjs';
import {readFlash, translateErrors, watchFlash, writeFlash} from './flash.mjs';
import {loadVm} from './load.mjs';

const [packageDir, folder, ...numbers] = process.argv.slice(2);
const [inputFd, outputFd, commandFd, answerFd] = numbers.map(Number);
const job = JSON.parse(fs.readFileSync(path.join(folder, 'job.json'), 'utf8'));
const SOFT_RESET = 5; // machine.SOFT_RESET
const IDLE_MS = 5;
const POLL_EVERY_MS = 1;
const BUSY_MS = 10;
const HEAP_BYTES = 2 * 1024 * 1024;

const terminal = new Console(inputFd, outputFd);
const vm = await loadVm(packageDir, job.files, {
    heapsize: HEAP_BYTES,
    linebuffer: false,
    stdout: (bytes) => terminal.put(bytes[0]),
});
writeFlash(vm.FS, job.flash);
translateErrors(vm.FS);

let clock = new Clock(0);
// Commands read from the pipe and not obeyed yet; a reset hands them on, for the person waits for each answer.
let commandText = job.command_text;
const commands = job.commands;

let turnedMs = 0;

function pollCommands() {
    commandText += readWaiting(commandFd).toString('utf8');
    const lines = commandText.split('\n');
    commandText = lines.pop();
    commands.push(...lines);
}

vm.registerJsModule('bridge', {
    /** Whether turn() has something to do: asked at every jump of a running statement, so it must be quick. */
    isDue: () => performance.now() - turnedMs >= POLL_EVERY_MS,
    /** Output out, input in; the simulated ms to go on to, at the speed of the host's clock at most. */
    turn(simulatedMs) {
        terminal.flush();
        terminal.poll(vm);
        pollCommands();
        const allowed = clock.allow(simulatedMs);
        turnedMs = performance.now();
        return allowed;
    },
    rest: () => block(1),
    printed: () => terminal.takePrintedChars(),
    command: () => commands.shift() ?? null,
    hasBooted: () => !terminal.isBooting,
    answer: (text) => fs.writeSync(answerFd, text + '\n'),
    /** The end of this VM: leaves what the next one goes on with. */
    leave(cause, state) {
        terminal.flush();
        const chip = {cause, is_raw: terminal.isRaw, state: JSON.parse(state), flash: readFlash(vm.FS)};
        const left = {...chip, commands, command_text: commandText};
        fs.writeFileSync(path.join(folder, 'left.json'), JSON.stringify(left));
        process.exit(0);
    },
});

vm.pyimport('sys').path.insert(0, '/fake');
const live = vm.pyimport('live');
clock = new Clock(live.begin(JSON.stringify(job.world)));
watchFlash(vm.FS, (count) => clock.allow(live.flash_written(count)));
terminal.onCompile = (lines) => clock.allow(live.compiled(lines));

if (job.cause === SOFT_RESET) terminal.putText('MPY: soft reboot\r\n');
live.arm();
terminal.isBooting = true;
live.run_file('boot.py', vm.globals.__dict__);
if (!job.is_raw) live.run_file('main.py', vm.globals.__dict__);
terminal.isBooting = false;
live.disarm();
live.turn(); // a reset that boot.py or main.py asked for comes before the prompt
terminal.start(vm, job.is_raw);

for (;;) {
    live.turn();
    live.arm();
    const startMs = performance.now();
    while (terminal.waiting.length && performance.now() - startMs < BUSY_MS) {
        if (terminal.enter(vm, terminal.waiting.shift())) live.exit();
    }
    live.disarm();
    terminal.flush();
    // Through the event loop, so that the proxies of finished calls are let go.
    await new Promise((resume) => setTimeout(resume, terminal.waiting.length ? 0 : IDLE_MS));
}
