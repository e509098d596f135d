/** A function that is asked the same again and again, and makes each answer once: there are few of them, for as long as we run. */
export function kept<Words extends readonly string[], Answer>(
  make: (...words: Words) => Answer,
): (...words: Words) => Answer {
  const answers = new Map<string, { readonly answer: Answer }>();
  return (...words) => {
    const key = words.join('\0');
    const known = answers.get(key);
    if (known) return known.answer;
    const answer = make(...words);
    answers.set(key, { answer });
    return answer;
  };
}
