import type { Load } from './record.ts';
import { join } from './segments.ts';
import { anew, type FoundFile, type Observation } from './step.ts';

/** What a loaded file is recorded as. */
export function loadOf({ path: _, days: __, segments, ...file }: FoundFile, id: string, sequence: number): Load {
  if (!segments) return { ...file, id, sequence };
  const versions = segments.map((part) => (part.version === anew ? { ...part, version: id } : part));
  return { ...file, id, sequence, segments: join(versions) };
}

/** What an observation is recorded as: each stretch by itself, as if it were a file. */
export function loadsOf({ source, windows }: Observation, id: string, sequence: number): Load[] {
  return windows.map(({ name, range, fingerprint }, index) => ({
    source,
    file: name,
    sequence: sequence + index,
    id,
    sha256: fingerprint,
    size: 0,
    modifiedAt: 0,
    ...(range ? { range } : {}),
  }));
}
