// The chip's serial console in front of the VM's event REPL: bytes in, bytes out, Ctrl-C while a statement runs.

import fs from 'node:fs';

const CTRL_A = 0x01, CTRL_B = 0x02, CTRL_C = 0x03, CTRL_D = 0x04, CTRL_E = 0x05;
const CR = 13, LF = 10, SPACE = 32;
const RAW_BANNER = 'raw REPL; CTRL-B to exit\r\n>';
const FORCED_EXIT = 0x100; // PYEXEC_FORCED_EXIT: Ctrl-D on an empty line, or SystemExit
const FLUSH_BYTES = 1024;

/** Bytes that wait on the non-blocking descriptor `fd`, maybe none; ends the program when the other side is gone. */
export function readWaiting(fd) {
    const buffer = Buffer.alloc(4096);
    try {
        const count = fs.readSync(fd, buffer);
        if (count === 0) process.exit(0);
        return buffer.subarray(0, count);
    } catch (error) {
        if (error.code === 'EAGAIN') return buffer.subarray(0, 0);
        throw error;
    }
}

export class Console {
    constructor(inputFd, outputFd) {
        this.inputFd = inputFd;
        this.outputFd = outputFd;
        this.waiting = []; // bytes typed and not yet taken by the REPL
        this.output = [];
        this.last = 0; // byte put out
        this.printedChars = 0;
        this.isMuted = false;
        this.isRaw = false;
        this.isBooting = false; // boot.py or main.py runs, which Ctrl-C ends
        this.held = []; // start of a request for raw-paste mode
        this.isPasting = false; // Ctrl-E: nothing is compiled before Ctrl-D
        this.hasText = false; // this line
        this.typedLines = 0; // not compiled yet
        this.onCompile = null; // told how many lines run next
    }

    /** Puts out one byte of the VM; a lone newline gets its return, as the chip's UART driver does. */
    put(byte) {
        if (this.isMuted) return;
        if (byte === LF && this.last !== CR) this.output.push(CR);
        this.output.push(byte);
        this.last = byte;
        this.printedChars++;
        if (this.output.length >= FLUSH_BYTES) this.flush();
    }

    putText(text) {
        for (const byte of Buffer.from(text, 'utf8')) this.put(byte);
    }

    flush() {
        const bytes = Buffer.from(this.output);
        this.output = [];
        for (let sent = 0; sent < bytes.length;) sent += fs.writeSync(this.outputFd, bytes, sent);
    }

    /** Characters put out since the last call. */
    takePrintedChars() {
        const count = this.printedChars;
        this.printedChars = 0;
        return count;
    }

    /** Takes in what was typed; a Ctrl-C ends the statement that runs, if one does. */
    poll(vm) {
        const mayInterrupt = this.isBooting || vm._module._mp_hal_get_interrupt_char() === CTRL_C;
        for (const byte of readWaiting(this.inputFd)) {
            if (byte === CTRL_C && mayInterrupt) vm._module._mp_sched_keyboard_interrupt();
            else this.waiting.push(byte);
        }
    }

    /** Starts the REPL: banner and prompt, of the raw one when `isRaw`. */
    start(vm, isRaw) {
        this.isMuted = isRaw;
        vm.replInit();
        this.isMuted = false;
        if (isRaw) this.enter(vm, CTRL_A);
        this.flush();
    }

    /** Gives the REPL one byte; true when it asks for a soft reset. */
    enter(vm, byte) {
        if (this.isRaw && this.isRawPasteRequest(byte)) return false;
        const typed = this.held.length ? this.held.splice(0) : [byte];
        let result = 0;
        for (const each of typed) result = this.process(vm, each);
        return result === FORCED_EXIT;
    }

    /** The VM's REPL hangs in raw-paste mode: say that it is not there ("R\0"), and a tool uses the plain raw REPL. */
    isRawPasteRequest(byte) {
        const request = [CTRL_E, 0x41, CTRL_A];
        if (byte !== request[this.held.length]) {
            if (this.held.length) this.held.push(byte);
            return false;
        }
        this.held.push(byte);
        if (this.held.length === request.length) {
            this.held = [];
            this.output.push(0x52, 0);
        }
        return true;
    }

    /** Notices the end of a statement: a line, or all that was pasted. */
    watchLines(byte) {
        const isWhole = this.isRaw || this.isPasting;
        if (byte === CTRL_E && !this.isRaw) this.isPasting = true;
        if (byte === CTRL_C || byte === CTRL_D) this.isPasting = false;
        if (byte === CTRL_C) this.typedLines = 0;
        if (byte >= SPACE) {
            this.hasText = true;
        } else if (this.hasText && [CR, LF, CTRL_D].includes(byte)) {
            this.hasText = false;
            this.typedLines++;
        }
        if (this.typedLines && byte === (isWhole ? CTRL_D : CR)) {
            if (this.onCompile) this.onCompile(this.typedLines);
            this.typedLines = 0;
        }
    }

    process(vm, byte) {
        this.watchLines(byte);
        const before = this.output.length;
        const result = vm.replProcessChar(byte);
        if (byte === CTRL_A) {
            const answer = Buffer.from(this.output.slice(before)).toString('latin1');
            if (answer.endsWith(RAW_BANNER)) this.isRaw = true;
        } else if (byte === CTRL_B) {
            this.isRaw = false;
        }
        return result;
    }
}
