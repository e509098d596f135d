import { type ManualModel, model } from './model.ts';

/** Models of nulls, choices, texts, regular expressions, JSON and types. */
export const choiceAndTextModels: readonly ManualModel[] = [
  // Nulls and choices
  model(
    'NVL and COALESCE functions',
    `select nvl(start_date, end_date) from manual.datetable order by 1`,
    ['2008-06-01'],
    ['2008-12-31'],
    ['2008-12-31'],
  ),
  model(
    'NVL2 function',
    `select venueseats, nvl2(venuename, venuename, 'without a name') from manual.venue where venuestate = 'CA' order by 1 desc limit 2`,
    ['90000', 'without a name'],
    ['70561', 'Qualcomm Stadium'],
  ),
  model(
    'DECODE function',
    `select catid, decode(catname,
'NHL', 'National Hockey League',
'MLB', 'Major League Baseball',
'Unknown') from manual.category order by catid`,
    ['1', 'Major League Baseball'],
    ['2', 'National Hockey League'],
    ['6', 'Unknown'],
  ),
  model(
    'DECODE function',
    `select catid, decode(seats,null,0,1) from manual.category order by catid`,
    ['1', '1'],
    ['2', '0'],
    ['6', '1'],
  ),

  // Texts
  model('LEN function', `select octet_length('français'), len('français'), len('cat'), len('cat   ')`, [
    '9',
    '8',
    '3',
    '6',
  ]),
  model('CHARINDEX function', `select charindex('fish', 'dogfish'), charindex('dog', 'fish')`, ['4', '0']),
  model('BTRIM function', `select btrim('     abc    '), btrim('xyzaxyzbxyzcxyz', 'xyz')`, ['abc', 'axyzbxyzc']),
  model(
    'STRTOL function',
    `select strtol('0xf',16), strtol('abcd1234',16), strtol('1234567', 10), strtol('1234567', 8), strtol('110101', 2), strtol('', 2)`,
    ['15', '2882343476', '1234567', '342391', '53', '0'],
  ),
  model(
    'NVL2 function',
    `select firstname + ' ' + lastname, 'a' + 'b' from (select 'Vera'::varchar(20) as firstname, 'Alvarez'::varchar(20) as lastname)`,
    ['Vera Alvarez', 'ab'],
  ),
  model('CONCAT function', `select concat('Thursday, ', concat('December 25, ', '2008')), concat('a', null)`, [
    'Thursday, December 25, 2008',
    null,
  ]),
  model('unverified', `select 'it\\'s', 'a\\\\b', "ALIAS" from (select 1 as alias)`, ["it's", 'a\\b', '1']),

  model(
    'SUBSTRING function',
    `select substring('caterpillar',6,8), substring('caterpillar',-2,6), substring('caterpillar',-5,4)`,
    ['pillar', 'cat', ''],
  ),
  model('ROUND function', `select round(28.05), round(28.05, 1), round(28.05, -1), round(28.05::float, 1)`, [
    '28',
    '28.1',
    '30',
    '28.1',
  ]),
  model(
    'TRUNC function',
    `select trunc(111.15), trunc(111.15, 1), trunc(111.15, -1), trunc(timestamp '2011-07-21 10:32:38')`,
    ['111', '111.1', '110', '2011-07-21'],
  ),
  model(
    'TO_CHAR',
    `select to_char(timestamp '2009-12-31 23:15:59', 'MONTH-DY-DD-YYYY HH12:MIPM'), to_char(timestamp '2022-05-16 23:15:59', 'ID')`,
    ['DECEMBER -THU-31-2009 11:15PM', '1'],
  ),

  // Regular expressions
  model(
    'REGEXP_COUNT function',
    `SELECT regexp_count('abcdefghijklmnopqrstuvwxyz', '[a-z]{3}'), regexp_count('the fox', 'FOX', 1, 'i')`,
    ['8', '1'],
  ),
  model(
    'REGEXP_COUNT function',
    `SELECT regexp_count(email,'@[^.]*\\\\.(org|edu)') FROM manual.users ORDER BY userid`,
    ['1'],
    ['1'],
    ['0'],
    ['0'],
  ),
  model(
    'REGEXP_INSTR function',
    `SELECT regexp_instr(email, '@[^.]*'), regexp_instr('the fox', 'FOX', 1, 1, 0, 'i') FROM manual.users ORDER BY userid`,
    ['21', '5'],
    ['22', '5'],
    ['17', '5'],
    ['4', '5'],
  ),
  model(
    'REGEXP_REPLACE function',
    `SELECT regexp_replace(email, '@.*\\\\.(org|gov|com|edu|ca)$'), regexp_replace('the fox', 'FOX', 'quick brown fox', 1, 'i')
    FROM manual.users where userid = 1`,
    ['Etiam.laoreet.libero', 'the quick brown fox'],
  ),
  model(
    'REGEXP_SUBSTR function',
    `select regexp_substr(email,'@[^.]*'), regexp_substr('the fox', 'FOX', 1, 1, 'i'),
    regexp_substr('This is a cat, this is a dog. This is a mouse.', 'this is a (\\\\w+)', 1, 2, 'ie') from manual.users where userid = 4`,
    ['@lacusUtnec', 'fox', 'dog'],
  ),
  model(
    'REGEXP_SUBSTR function',
    `SELECT regexp_substr('THE SECRET CODE IS THE LOWERCASE PART OF 1931abc0EZ.', '[a-z]+', 1, 1, 'c')`,
    ['abc'],
  ),

  // JSON
  model(
    'JSON_EXTRACT_PATH_TEXT function',
    `select json_extract_path_text('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}}','f4', 'f6'),
    json_extract_path_text('{"f2":{"f3":1},"f4":{"f5":99,"f6":"star"}','f4', 'f6',true), json_extract_path_text('{"farm": {"barn": {}}}', 'farm', 'barn', 'color')`,
    ['star', null, null],
  ),
  model(
    'JSON_EXTRACT_ARRAY_ELEMENT_TEXT function',
    `select json_extract_array_element_text('[111,112,113]', 2), json_extract_array_element_text('[1]', 5),
    json_extract_array_element_text('["a",["b",1,["c",2,3,null,]]]',1,true)`,
    ['113', '', null],
  ),

  // Types
  model(
    'CAST function',
    `select cast(109.652 as decimal(4,1)), cast(162.00 as integer), cast('2008-02-18 02:36:48' as date), cast(2008 as char(4))`,
    ['109.7', '162', '2008-02-18', '2008'],
  ),
  model(
    'CONVERT function',
    `SELECT CONVERT(char(4), 2008), CONVERT(datetime, '2008-02-18 02:36:48'), CONVERT(integer, 162.00)`,
    ['2008', '2008-02-18 02:36:48', '162'],
  ),
  model('unverified', `select 7 / 2, -7 / 2, 1.5::numeric, 'abc'::nvarchar(2), cast('x' as varchar(max))`, [
    '3',
    '-3',
    '2',
    'ab',
    'x',
  ]),
  model(
    'unverified',
    `with #recent as (select salesid from manual.winsales where dateid > '2004-04-01') select count(*) from #recent`,
    ['3'],
  ),
];
