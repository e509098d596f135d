const msInDay = 86_400_000;

/** Days since 1970-01-01 of a date written `2021-09-01`. */
export function dayOf(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / msInDay;
  if (!Number.isInteger(day)) throw new RangeError(`not a date: ${date}`);
  return day;
}

/** The date of a day, written `2021-09-01`. */
export function dateOf(day: number): string {
  return new Date(day * msInDay).toISOString().slice(0, 10);
}

/** 0 Monday to 6 Sunday. */
export function weekdayOf(day: number): number {
  return (day + 3) % 7;
}

/** First day of an ISO week written `2021-W35`: the fourth of January lies in the first. */
export function mondayOf(week: string): number {
  const [year = '', number = ''] = week.split('-W');
  const fourth = dayOf(`${year}-01-04`);
  return fourth - weekdayOf(fourth) + 7 * (Number(number) - 1);
}
