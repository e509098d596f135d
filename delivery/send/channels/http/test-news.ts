import { setTimeout as pause } from 'node:timers/promises';

/** A request that a provider makes to our webhook. */
export interface News {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a provider tells, brought as badly as networks do: late, out of order, some of it twice, and between it what others forged. */
export interface NewsRound extends AsyncDisposable {
  tell(news: News, forged?: News): void;
  /** Resolves when all that was told has been taken, or given up. */
  drained(): Promise<void>;
  readonly pending: number;
  /** The statuses with which forged news was answered. */
  readonly forgedAnswers: readonly number[];
}

/** Milliseconds between two rounds. */
const round = 15;

/** `repeats`: news that finds nobody is told again, as Meta and Google do; Twilio tells once. */
export function openNews(random: () => number, repeats: boolean): NewsRound {
  const waiting: { readonly news: News; readonly forged: boolean }[] = [];
  const forgedAnswers: number[] = [];
  const stop = new AbortController();
  let underWay = 0;
  const post = async (one: (typeof waiting)[number]) => {
    const { url, headers, body } = one.news;
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(5_000)]);
    const status = await fetch(url, { method: 'POST', headers, body, signal }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => undefined,
    );
    if (one.forged && status !== undefined) forgedAnswers.push(status);
    else if (repeats && (status === undefined || status >= 500)) waiting.push(one);
  };
  const bring = async () => {
    while (!stop.signal.aborted) {
      await pause(round, undefined, { signal: stop.signal }).catch(() => {});
      const some: (typeof waiting)[number][] = [];
      for (let left = Math.min(24, waiting.length); left > 0; left -= 1) {
        some.push(...waiting.splice(Math.floor(random() * waiting.length), 1));
      }
      underWay = some.length;
      await Promise.all(some.map(post));
      underWay = 0;
    }
  };
  const running = bring();
  return {
    forgedAnswers,
    get pending() {
      return waiting.length + underWay;
    },
    tell(news, forged) {
      waiting.push({ news, forged: false });
      if (random() < 0.2) waiting.push({ news, forged: false });
      if (forged) waiting.push({ news: forged, forged: true });
    },
    async drained() {
      while (waiting.length + underWay > 0) await pause(round);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}
