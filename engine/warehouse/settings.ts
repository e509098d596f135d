/** Settings of a PostgreSQL server by name. */
export type ServerSettings = Readonly<Record<string, string>>;

/**
 * How the embedded server runs. Modest in memory, because it shares the machine with its users; max_wal_size stays at
 * 1 GB because the time to come back after a crash grows with it (2 s against 21 s at 4 GB).
 */
export const serverSettings: ServerSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  password_encryption: 'scram-sha-256',
  shared_buffers: '256MB',
  work_mem: '64MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: '2GB',
  max_wal_size: '1GB',
  wal_compression: 'on',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '2',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'ISO',
  // A client that was killed does not leave its statement running.
  client_connection_check_interval: '5s',
  // The log says what went wrong, never with which values: they may be people's data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** The settings as words of the server's command line. */
export function settingArguments(settings: ServerSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
