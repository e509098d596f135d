import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Fault, messageOf } from '#engine';
import type { Document } from '../compose/document.ts';
import type { Making } from './making.ts';
import type { Answer } from './pdf-thread.ts';

/** Threads that draw PDFs and read them back, a core each; begun when they are needed and ended when they are idle. */
export interface PdfThreads extends AsyncDisposable {
  readonly count: number;
  /**
   * As a renderer makes it; waits until a thread is free. When `signal` says so the drawing ends at once, its thread with it.
   * Throws `Fault` as the renderer does.
   */
  make(document: Document, signal: AbortSignal): Promise<Making>;
}

interface Job {
  readonly document: Document;
  readonly done: (answer: Answer) => void;
}

/** Fonts and shaped words are worth keeping for the next letter, not for tomorrow's. */
const idleFor = 10_000;
const mostThreads = 8;

export function openPdfThreads(count: number = Math.min(availableParallelism(), mostThreads)): PdfThreads {
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  let resting: NodeJS.Timeout | undefined;

  function begin(): Worker {
    const worker = new Worker(new URL('./pdf-thread.ts', import.meta.url), {
      // What a letter leaves behind is swept often: with more room a thread holds 100 MB more and is no faster.
      resourceLimits: { maxYoungGenerationSizeMb: 32 },
    });
    worker.on('message', (answer: Answer) => end(worker, answer, true));
    worker.on('error', (error) => end(worker, lost(messageOf(error)), false));
    worker.on('exit', () => end(worker, lost('it ended'), false));
    return worker;
  }

  function end(worker: Worker, answer: Answer, alive: boolean): void {
    const job = busy.get(worker);
    busy.delete(worker);
    if (alive) {
      worker.unref();
      idle.push(worker);
    } else if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    job?.done(answer);
    next();
  }

  function next(): void {
    while (waiting.length > 0 && busy.size < count) {
      const job = waiting.shift();
      if (job === undefined) return;
      const worker = idle.pop() ?? begin();
      // A thread that has nothing to do keeps no process alive, one that draws does.
      worker.ref();
      busy.set(worker, job);
      worker.postMessage(job.document);
    }
    clearTimeout(resting);
    resting = busy.size > 0 ? undefined : setTimeout(() => rest(), idleFor).unref();
  }

  const rest = () => Promise.all(idle.splice(0).map((worker) => worker.terminate()));

  function stop(job: Job): void {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    for (const [worker, own] of busy) if (own === job) void worker.terminate();
  }

  return {
    count,
    async make(document, signal) {
      signal.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const job: Job = { document, done: resolve };
      const abort = () => {
        stop(job);
        resolve({ kind: 'error', error: signal.reason });
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.push(job);
      next();
      try {
        return makingOf(await promise);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    async [Symbol.asyncDispose]() {
      clearTimeout(resting);
      for (const job of waiting.splice(0)) job.done(lost('it was closed'));
      await Promise.all([rest(), ...[...busy.keys()].map((worker) => worker.terminate())]);
    },
  };
}

const lost = (why: string): Answer => ({
  kind: 'fault',
  code: 'failed',
  message: `the thread that drew the PDF was lost: ${why}`,
  problems: [],
});

function makingOf(answer: Answer): Making {
  if (answer.kind === 'error') throw answer.error;
  if (answer.kind !== 'fault') return answer;
  const { code, message, hint, problems } = answer;
  throw new Fault(code, message, { problems, ...(hint === undefined ? {} : { hint }) });
}
