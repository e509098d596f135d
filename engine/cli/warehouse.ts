import { findRoot } from '../config/config.ts';
import { didYouMean } from '../config/nearest.ts';
import { Fault } from '../fault.ts';
import { clusterStatus, ensureCluster, stopCluster } from '../warehouse/embedded.ts';
import { clusterFolder } from '../warehouse/open.ts';
import type { Call } from './program.ts';

export const usage = `start|stop|status

Starts, stops or shows the embedded PostgreSQL under var/postgres. Commands start it by themselves when they need it.`;
export const options = {};
export const positionals = 1;
export const examples = ['warehouse status'];

export async function run(call: Call): Promise<number> {
  const folder = clusterFolder(findRoot(process.cwd()));
  const [action = 'status'] = call.positionals;
  switch (action) {
    case 'start': {
      const { pid, port } = await ensureCluster(folder, { signal: call.signal });
      call.print(`running on 127.0.0.1:${port}, process ${pid}`);
      call.answer({ state: 'running', pid, port });
      return 0;
    }
    case 'stop': {
      const stopped = await stopCluster(folder, { signal: call.signal });
      call.print(stopped ? 'stopped' : 'it was not running');
      call.answer({ state: 'stopped', was_running: stopped });
      return 0;
    }
    case 'status': {
      const status = await clusterStatus(folder);
      const at = 'port' in status ? ` on 127.0.0.1:${status.port}, process ${status.pid}` : '';
      call.print(`${status.kind}${at}`);
      call.answer({ state: status.kind, ...('port' in status ? { pid: status.pid, port: status.port } : {}) });
      return 0;
    }
    default:
      throw new Fault('invalid', `engine warehouse cannot ${action}`, {
        hint: didYouMean(action, ['start', 'stop', 'status']) ?? '',
      });
  }
}
