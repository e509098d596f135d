import { rules } from './rules.ts';

const head = `# A stand-in for Amazon Redshift

This is not Redshift. It is a front that speaks PostgreSQL's protocol before a PostgreSQL, for tests: it refuses what the
vendor's manual (Amazon Redshift Database Developer Guide) says Redshift refuses, and rewrites the little that Redshift takes
and PostgreSQL does not. What it accepts may still fail on a cluster; what it does not know of, it cannot refuse.

It asks for passwords by MD5, speaks TLS, refuses start parameters that Redshift does not know, logs every statement, and
injects mishaps: a serializable isolation violation instead of a statement, a line cut before or after it.

What it does as Redshift: every transaction reads one moment (page "BEGIN"), \`LOCK\` is ACCESS EXCLUSIVE (page "LOCK"),
\`TRUNCATE\` commits (page "TRUNCATE"), \`version()\` (page "VERSION"), conflicts are told as 1023 (page "Troubleshooting
serializable isolation errors"), \`TEXT\` is \`varchar(256)\` (page "Character types"), \`numeric\` is \`numeric(18,0)\` (page
"Numeric types"), late-binding views (page "CREATE VIEW"), \`COPY\` from S3 by manifest and \`UNLOAD\` to S3 (pages "COPY",
"UNLOAD", "Using a manifest to specify data files"), \`TRY_CAST\`, \`SYSDATE\`, \`GETDATE\`, \`MINUS\`. Distribution, sort keys,
encodings and \`PREDICATE COLUMNS\` are read and left out. Hash functions give other numbers than Redshift's.

What it does not know: lengths of texts in bytes, limits of sizes, workload management, correlated subqueries that Redshift
cannot perform, types of results, the speed of anything.

## What it refuses

| rule | page of the manual | what it says | example |
| --- | --- | --- | --- |
`;

/** The text of README.md: its table is made from the rules, and a test holds the file to it. */
export function standInReadme(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const rows = rules.map(
    ({ name, page, says, example }) => `| ${name} | ${page} | ${cell(says)} | \`${cell(example)}\` |\n`,
  );
  return head + rows.join('');
}
