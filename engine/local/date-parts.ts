/**
 * The names of date parts ("Date parts for date or timestamp functions"). Mind `m`, which is minutes: months are `mon`.
 */
const spellings = {
  millennium: 'millennium millennia mil mils',
  century: 'century centuries c cent cents',
  decade: 'decade decades dec decs',
  year: 'year years y yr yrs',
  quarter: 'quarter quarters qtr qtrs',
  month: 'month months mon mons',
  week: 'week weeks w',
  day: 'day days d',
  hour: 'hour hours h hr hrs',
  minute: 'minute minutes m min mins',
  second: 'second seconds s sec secs',
  millisecond: 'millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs millisecon',
  microsecond: 'microsecond microseconds microsec microsecs microsecon us usec usecs usecond useconds',
  dow: 'dayofweek dow dw weekday',
  doy: 'dayofyear doy dy yearday',
  epoch: 'epoch',
  timezone: 'timezone',
  timezone_hour: 'timezone_hour',
  timezone_minute: 'timezone_minute',
} as const;

export type DatePart = keyof typeof spellings;

/** Every spelling of a part that can be added and counted, and of those that can only be read. */
export const datePartNames: ReadonlyMap<string, DatePart> = new Map(
  Object.entries(spellings).flatMap(([part, names]) => names.split(' ').map((name) => [name, part as DatePart])),
);

const readOnly: ReadonlySet<DatePart> = new Set([
  'dow',
  'doy',
  'epoch',
  'timezone',
  'timezone_hour',
  'timezone_minute',
]);

/** Whether DATEADD and DATEDIFF know the part, too. */
export const isCountable = (part: DatePart): boolean => !readOnly.has(part);
