import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = resolve(here, '..');

const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  init: z.boolean().optional(),
  restart: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully', 'service_started']) }),
    )
    .default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.record(z.string(), z.unknown()).optional(),
});
const compose = z
  .strictObject({
    name: z.string(),
    'x-engine': z.record(z.string(), z.string()),
    services: z.record(z.string(), service),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(parse(readFileSync(resolve(here, 'compose.yml'), 'utf8'), { merge: true }));

/** The Dockerfile's instructions, lines that go on joined: `[word, rest]`. */
const instructions = readFileSync(resolve(here, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^([A-Z]+) +(.*)$/.exec(line)?.slice(1) ?? ['', line]);
const of = (word: string) => instructions.filter(([first]) => first === word).map(([, rest = '']) => rest);
const stages = of('FROM').map((rest) => /^(\S+) AS (\S+)$/.exec(rest)?.slice(1) ?? []);

test('services build stages that are there, wait for services that are there, and use volumes and files that are there', () => {
  for (const [name, { build, depends_on: needs, volumes, ports, image }] of Object.entries(compose.services)) {
    if (build) {
      expect(existsSync(resolve(here, build.context, build.dockerfile)), name).toBe(true);
      expect(stages.map(([, stage]) => stage)).toContain(build.target);
    } else expect(image, name).toMatch(/:\d+\.\d+/);
    for (const [other, { condition }] of Object.entries(needs)) {
      expect(Object.keys(compose.services), name).toContain(other);
      if (condition === 'service_healthy') expect(compose.services[other]?.healthcheck, other).toBeDefined();
    }
    for (const volume of volumes) {
      const [from = ''] = volume.replace(/\$\{\w+:-([^}]*)\}/, '$1').split(':');
      if (!from.startsWith('.')) expect(Object.keys(compose.volumes), name).toContain(from);
      else if (!from.includes('/var/')) expect(existsSync(resolve(here, from)), `${name}: ${from}`).toBe(true);
    }
    for (const port of ports) expect(port, `${name} is for this machine alone`).toMatch(/^127\.0\.0\.1:/);
  }
});

test('databases that are named are made, secrets come from outside, and the project reads what it is given', () => {
  const made = [...readFileSync(resolve(here, 'databases.sql'), 'utf8').matchAll(/create database (\w+)/g)].map(
    ([, name]) => name,
  );
  const { postgres, ...others } = compose.services;
  for (const { environment } of Object.values(others)) {
    for (const value of Object.values(environment)) {
      const url = /^postgres\S*:\/\/tiffin:(\$\{[^}]*\})@(\w+):5432\/(\w+)/.exec(value);
      expect(/:\/\//.test(value), value).toBe(url !== null);
      if (!url) continue;
      expect(url[1]).toMatch(/^\$\{POSTGRES_PASSWORD/);
      expect(Object.keys(compose.services)).toContain(url[2]);
      expect([postgres?.environment['POSTGRES_DB'], ...made]).toContain(url[3]);
    }
  }
  const project = readFileSync(resolve(root, 'project.yml'), 'utf8');
  for (const name of Object.keys(compose['x-engine']).filter((one) => one !== 'TIFFIN_TARGET')) {
    expect(project, name).toMatch(new RegExp(`env: ?${name}`));
  }
  expect(project).toMatch(new RegExp(`^  ${compose['x-engine']['TIFFIN_TARGET']}: `, 'm'));
});

test('the Dockerfile copies what is there, names exact versions, and runs the engine without rights', () => {
  for (const [image, stage] of stages) expect(image, stage).toMatch(/:\d+\.\d+\.\d+-/);
  const ignored = readFileSync(resolve(here, 'Dockerfile.dockerignore'), 'utf8').split('\n');
  for (const copy of of('COPY')) {
    const words = copy.split(' ').filter((word) => !word.startsWith('--'));
    const from = /--from=(\S+)/.exec(copy)?.[1];
    if (from) expect(stages.map(([, stage]) => stage)).toContain(from);
    else
      for (const path of words.slice(0, -1)) {
        expect(existsSync(resolve(root, path)), path).toBe(true);
        expect(ignored).toContain(`!${path}`);
      }
  }
  expect(of('USER')).toEqual(['10001']);
  for (const word of ['ENTRYPOINT', 'CMD']) for (const text of of(word)) expect(JSON.parse(text)).toBeInstanceOf(Array);
  const node = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')).dependencies.node;
  expect(stages[0]?.[0]).toBe(`node:${node}-bookworm-slim`);
});
