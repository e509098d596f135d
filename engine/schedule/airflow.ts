import type { Dag } from '../project/dag.ts';
import { parseDay } from '../time/zone.ts';
import { type AirflowTask, pythonText, templatedText } from './airflow-tasks.ts';

/** What of a dag's surroundings its Airflow file says, too. */
export interface AirflowSettings {
  /** The project's, where the dag names none. */
  readonly timezone: string;
  /** Tasks side by side. */
  readonly threads: number;
}

/**
 * A dag as the text of a Python file for Airflow 3. The same dag, tasks and settings give the same text.
 *
 * A scheduled run builds all that is missing or stale before the end of its data interval, so that a night which never ran
 * is made up by the next; a run by hand or of a backfill builds the days of its interval alone. A run without an interval
 * is not limited.
 */
export function airflowFile(dag: Dag, tasks: readonly AirflowTask[], settings: AirflowSettings): string {
  const timezone = pythonText(dag.timezone ?? settings.timezone);
  const { attempts, backoff } = dag.retries;
  const [pool] = dag.pools;
  const lines = [
    `dag_id=${pythonText(dag.name)},`,
    ...(dag.description === '' ? [] : [`description=${pythonText(dag.description)},`]),
    `schedule=CronDataIntervalTimetable(${pythonText(dag.cron)}, timezone=${timezone}),`,
    `start_date=${startDate(dag.start, timezone)},`,
    `catchup=${dag.catchUp > 1 ? 'True' : 'False'},`,
    `max_active_runs=${dag.concurrency},`,
    `max_active_tasks=${settings.threads},`,
    ...(dag.paused ? ['is_paused_upon_creation=True,'] : []),
    'tags=["tiffin"],',
    'user_defined_macros={"first_day": first_day, "last_day": last_day},',
    'default_args={',
    `    "retries": ${attempts - 1},`,
    `    "retry_delay": timedelta(seconds=${backoff.from / 1000}),`,
    '    "retry_exponential_backoff": True,',
    `    "max_retry_delay": timedelta(seconds=${backoff.until / 1000}),`,
    ...(pool === undefined ? [] : [`    "pool": ${pythonText(pool)},`]),
    '},',
  ];
  return `# Made by "engine export airflow" from ${dag.path}: change that file and export it again.
"""Tiffin: the dag ${dag.name}."""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

# The folder of project.yml and the engine's command, as the workers see them.
PROJECT = os.environ.get("TIFFIN_PROJECT", "/project")
ENGINE = os.environ.get("TIFFIN_ENGINE", "engine")
ZONE = ${timezone}

# What each task selects, and the tasks that come before it.
TASKS = {
${tasks.map(taskEntry).join('\n')}
}

# Nothing but names of variables stands in the command: what they hold is never read as shell.
COMMAND = (
    'exec $TIFFIN_ENGINE run --select "$TIFFIN_SELECT" \${TIFFIN_EXCLUDE:+--exclude "$TIFFIN_EXCLUDE"}'
    ' \${TIFFIN_FROM:+--from "$TIFFIN_FROM"} \${TIFFIN_UNTIL:+--until "$TIFFIN_UNTIL"}'
)


def first_day(dag_run) -> str:
    """The first business day that a run builds; none for a scheduled run, which builds all that is missing."""
    if dag_run.data_interval_start is None or dag_run.run_type == "scheduled":
        return ""
    return pendulum.instance(dag_run.data_interval_start).in_timezone(ZONE).to_date_string()


def last_day(dag_run) -> str:
    """The day after the last one that a run builds: its interval's end, or the next where that is within a day."""
    if dag_run.data_interval_start is None:
        return ""
    start = pendulum.instance(dag_run.data_interval_start).in_timezone(ZONE).date()
    end = pendulum.instance(dag_run.data_interval_end).in_timezone(ZONE).date()
    return max(end, start.add(days=1)).to_date_string()


with DAG(
${lines.map((line) => `    ${line}`).join('\n')}
) as dag:
    tasks = {
        name: BashOperator(
            task_id=name,
            bash_command=COMMAND,
            cwd=PROJECT,
            env={
                "TIFFIN_ENGINE": ENGINE,
                "TIFFIN_SELECT": task["select"],
                "TIFFIN_EXCLUDE": task.get("exclude", ""),
                "TIFFIN_FROM": "{{ first_day(dag_run) }}",
                "TIFFIN_UNTIL": "{{ last_day(dag_run) }}",
            },
            append_env=True,
            skip_on_exit_code=None,
        )
        for name, task in TASKS.items()
    }
    for name, task in TASKS.items():
        tasks[name].set_upstream([tasks[before] for before in task["after"]])
`;
}

/** What a dag file says and its Airflow file does not, in words. */
export function notCarriedOver(dag: Dag): string[] {
  const lost = [
    ...(dag.deadline === undefined ? [] : ['deadline (use a DeadlineAlert of Airflow)']),
    ...(dag.onFailure.length === 0 ? [] : ['on_failure (use a notifier of Airflow)']),
    ...(dag.dependsOn.length === 0 ? [] : ['depends_on (a model whose inputs are not there fails and is tried again)']),
    ...(dag.pools.length > 1 ? [`pools beyond the first, ${dag.pools.slice(1).join(', ')}`] : []),
  ];
  return lost.map((what) => `${dag.path}: Airflow is not told of ${what}`);
}

function taskEntry({ id, select, exclude, after }: AirflowTask): string {
  const words = [
    `"select": ${pythonText(templatedText(select))}`,
    ...(exclude === undefined ? [] : [`"exclude": ${pythonText(templatedText(exclude))}`]),
    `"after": [${after.map(pythonText).join(', ')}]`,
  ];
  return `    ${pythonText(id)}: {${words.join(', ')}},`;
}

function startDate(start: string | undefined, timezone: string): string {
  if (start === undefined || parseDay(start) === undefined) return 'None';
  const [year, month, day] = start.split('-').map(Number);
  return `pendulum.datetime(${year}, ${month}, ${day}, tz=${timezone})`;
}
