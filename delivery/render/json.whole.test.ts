import { openJson } from './json.ts';
import { rendererContract } from './renderer-contract.ts';

rendererContract('json', openJson(), 'rows and figures');
