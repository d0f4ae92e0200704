// The chip's flash as a folder of the VM's file system: tells of every write, and copies it out for the next VM.

import {writeFiles} from './load.mjs';

export const FLASH = '/flash';
const WRITING = 0o3; // O_WRONLY | O_RDWR
// This port counts errors as WASI does; the chip, and the tools that talk to it, as POSIX does.
const ERRNO = {2: 13, 8: 9, 20: 17, 28: 22, 31: 21, 44: 2, 51: 28, 54: 20, 55: 39, 63: 1, 69: 30};

/** Makes the file system's errors those of the chip: no such file is 2, not 44. */
export function translateErrors(FS) {
    for (const name of ['open', 'stat', 'lstat', 'readdir', 'lookupPath', 'unlink', 'rename', 'mkdir', 'rmdir']) {
        const original = FS[name];
        FS[name] = (...given) => {
            try {
                return original.apply(FS, given);
            } catch (error) {
                if (error.name === 'ErrnoError' && error.isWasi !== false) {
                    error.errno = ERRNO[error.errno] ?? error.errno;
                    error.isWasi = false;
                }
                throw error;
            }
        };
    }
}

/** Calls `written(bytes)` after each change of a file under FLASH has been committed. */
export function watchFlash(FS, written) {
    const bytes = new Map(); // open for writing: stream -> bytes so far
    const isFlash = (path) => path.startsWith(FLASH + '/');
    const after = (name, then) => {
        const original = FS[name];
        FS[name] = (...given) => {
            const result = original.apply(FS, given);
            then(result, ...given);
            return result;
        };
    };
    after('open', (stream) => {
        if ((stream.flags & WRITING) && isFlash(stream.path)) bytes.set(stream, 0);
    });
    after('write', (count, stream) => {
        if (bytes.has(stream)) bytes.set(stream, bytes.get(stream) + count);
    });
    after('close', (_, stream) => {
        const count = bytes.get(stream);
        if (bytes.delete(stream)) written(count);
    });
    for (const name of ['unlink', 'rename', 'mkdir', 'rmdir']) {
        after(name, (_, path) => {
            if (isFlash(path)) written(0);
        });
    }
}

/** Writes `files` ({absolute path on the chip: base64}) to the flash. */
export function writeFlash(FS, files) {
    FS.mkdirTree(FLASH);
    writeFiles(FS, Object.fromEntries(Object.entries(files).map(([path, data]) => [FLASH + path, data])));
}

/** Every file on the flash, as writeFlash() takes them. */
export function readFlash(FS) {
    const files = {};
    const visit = (folder) => {
        for (const name of FS.readdir(FLASH + folder)) {
            if (name === '.' || name === '..') continue;
            const path = folder + '/' + name;
            if (FS.isDir(FS.stat(FLASH + path).mode)) visit(path);
            else files[path] = Buffer.from(FS.readFile(FLASH + path)).toString('base64');
        }
    };
    visit('');
    return files;
}
