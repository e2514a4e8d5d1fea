import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadOptions, LoadResult } from './run-load.ts';

const run = promisify(execFile);

/** So long that only an answer that never comes is counted: how long they take is not the question here. */
const TIMEOUT = '10s';

/** Requests are written once, before the load starts; what `wrk` counts is printed as JSON. */
const SCRIPT = `
local requests, at = {}, 0
function init(args)
  for path in io.lines(args[1]) do requests[#requests + 1] = wrk.format('GET', path) end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary)
  local e = summary.errors
  local errors = string.format('{"status":%d,"timeout":%d,"socket":%d}', e.status, e.timeout, e.connect + e.read + e.write)
  print(string.format('{"requests":%d,"seconds":%f,"errors":%s}', summary.requests, summary.duration / 1e6, errors))
end
`;

export function createWrk(dir: string): (options: LoadOptions) => Promise<LoadResult> {
  const [script, pathsFile] = [join(dir, 'wrk.lua'), join(dir, 'wrk-paths')];
  writeFileSync(script, SCRIPT);
  return async ({ origin, paths, headers, seconds, connections }) => {
    writeFileSync(pathsFile, `${paths.join('\n')}\n`);
    const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const shape = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', TIMEOUT];
    const { stdout } = await run('wrk', [...shape, '-s', script, ...given, origin, '--', pathsFile]);
    return JSON.parse(/^\{.*\}$/m.exec(stdout)?.[0] ?? '') as LoadResult;
  };
}
