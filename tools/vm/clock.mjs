// How far simulated time may go: never past the host's clock, and never in a leap after the host was slow.

const CHUNK_MS = 40; // two ticks of the firmware: between them the statement that runs gets its turn
const BACKLOG_MS = 200; // what a slow host makes up for tick by tick; the rest is time the simulation never sees

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Blocks the whole program for `spanMs`. */
export function block(spanMs) {
    Atomics.wait(sleeper, 0, 0, spanMs);
}

export class Clock {
    /** The simulation is at `simulatedMs` now. */
    constructor(simulatedMs) {
        this.originMs = performance.now() - simulatedMs;
    }

    /** The simulated ms to go on to; blocks while the simulation is ahead of the host. */
    allow(simulatedMs) {
        let behind = performance.now() - this.originMs - simulatedMs; // ms that the host's clock is ahead
        if (behind < 0) {
            block(-behind);
            return simulatedMs;
        }
        if (behind > BACKLOG_MS) {
            this.originMs += behind - BACKLOG_MS;
            behind = BACKLOG_MS;
        }
        return simulatedMs + Math.floor(Math.min(behind, CHUNK_MS));
    }
}
