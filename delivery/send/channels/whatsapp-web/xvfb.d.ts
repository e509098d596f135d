// What we use of xvfb 0.4.0, which brings no types of its own.
declare module 'xvfb' {
  import type { ChildProcess } from 'node:child_process';

  export default class Xvfb {
    constructor(options: {
      readonly displayNum: number;
      readonly silent: boolean;
      /** Milliseconds that starting and stopping may take. */
      readonly timeout: number;
      readonly xvfb_args: readonly string[];
    });
    /** Sets this process's DISPLAY at once. A failure to start the program at all has a `code`. */
    start(done: (error: Error | null) => void): void;
    /** The server, once started: `start` means to hand it out and does not. */
    readonly _process?: ChildProcess | null;
    /** Sets this process's DISPLAY back, to the word "undefined" where it had none. */
    stop(done: (error: Error | null) => void): void;
  }
}
