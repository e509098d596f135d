interface Waiting<Wish, Answer> {
  readonly wish: Wish;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets callers share what each would otherwise wait for alone: while one round is under way, the wishes of the others
 * gather for the next. `perform` answers each wish in its place; where it fails, all of its round do.
 */
export function gather<Wish, Answer>(
  perform: (wishes: readonly Wish[]) => Promise<readonly Answer[]>,
): (wish: Wish) => Promise<Answer> {
  let waiting: Waiting<Wish, Answer>[] = [];
  let running = false;
  const run = async () => {
    running = true;
    // Those who wish in the same breath are one round.
    await Promise.resolve();
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      try {
        const answers = await perform(round.map(({ wish }) => wish));
        for (const [index, { resolve }] of round.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    running = false;
  };
  return (wish) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ wish, resolve, reject });
    if (!running) void run();
    return promise;
  };
}
