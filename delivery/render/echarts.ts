// The parts of the library that our charts need; imported only where a chart is drawn.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { labelWidth } from './label-width.ts';

use([BarChart, LineChart, GridComponent, MarkAreaComponent, SVGRenderer]);

// Without a canvas the library takes every letter and vowel sign of India for as wide as the type is high, and hides labels
// that have room.
setPlatformAPI({
  measureText: (text, font = '') => ({ width: labelWidth(text) * Number(/([\d.]+)px/.exec(font)?.[1] ?? 12) }),
});

export { init };
