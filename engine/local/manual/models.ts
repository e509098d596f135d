import { choiceAndTextModels } from './choices-and-texts.ts';
import { manyRowModels } from './many-rows.ts';
import type { ManualModel } from './model.ts';
import { timeModels } from './times.ts';
import { windowAndPivotModels } from './windows-and-pivots.ts';

/** Asks for the same as the manual's example; where the manual's table is not at hand, with the rows that it shows. */
export const manualModels: readonly ManualModel[] = [
  ...timeModels,
  ...choiceAndTextModels,
  ...manyRowModels,
  ...windowAndPivotModels,
];
