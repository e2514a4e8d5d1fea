import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { Pool } from 'undici';
import { type Bucket, type CallBucket, createCallBucket, originOf } from '../../src/documents/s3-bucket.ts';
import { freePorts } from './redis-server.ts';
import { until } from './start-gateway.ts';

export interface CephServer {
  /** A bucket of its own, empty, with the key of who made it. */
  makeBucket(): Promise<Bucket>;
  /** It accepts connections and never answers. */
  pause(): void;
  resume(): void;
}

const ANSWERS_MS = 60_000;
const run = promisify(execFile);

/**
 * A real Ceph of the test's own: a monitor, a store of objects in memory, and the gateway that speaks S3. Where none is
 * installed the test fails.
 */
export async function startCeph(t: Test): Promise<CephServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ceph-'));
  const [monitorPort = 0, port = 0] = await freePorts(2);
  const endpoint = `http://127.0.0.1:${port}`;
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('base64')];
  const [cluster, store] = [randomUUID(), randomUUID()];
  const conf = join(folder, 'ceph.conf');
  const started: ChildProcess[] = [];
  for (const name of ['mon', 'osd', 'run']) mkdirSync(join(folder, name));
  writeFileSync(conf, configurationOf({ folder, cluster, monitorPort, endpoint }));

  const ceph = (command: string, ...args: string[]) => run(command, ['-c', conf, ...args]);
  function serve(command: string, ...args: string[]): ChildProcess {
    const child = spawn(command, ['-c', conf, ...args, '-f'], { stdio: 'ignore' });
    child.once('error', ({ message }) => t.fail(`a Ceph is needed by this test: ${message}`));
    started.push(child);
    return child;
  }

  t.teardown(async () => {
    await Promise.all(started.reverse().map(end));
    rmSync(folder, { recursive: true, force: true });
  });
  const monitors = join(folder, 'monitors');
  const address = `[v2:127.0.0.1:${monitorPort}]`;
  await run('monmaptool', ['--create', '--fsid', cluster, '--addv', 'a', address, monitors]);
  await ceph('ceph-mon', '--mkfs', '-i', 'a', '--monmap', monitors);
  serve('ceph-mon', '-i', 'a');
  await ceph('ceph', 'osd', 'new', store);
  await ceph('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', store);
  serve('ceph-osd', '-i', '0');
  const user = [
    '--uid',
    'test',
    '--display-name',
    'test',
    '--access-key',
    accessKey,
    '--secret-key',
    secretKey,
  ];
  await ceph('radosgw-admin', '-n', 'client.rgw', 'user', 'create', ...user);
  const gateway = serve('radosgw', '-n', 'client.rgw');
  await until(
    () => answers(endpoint),
    ANSWERS_MS,
    () => 'radosgw does not answer',
  );

  let buckets = 0;
  return {
    async makeBucket() {
      const bucket: Bucket = {
        ...{ endpoint, name: `test-${++buckets}`, region: 'us-east-1', accessKey, secretKey },
        addressing: 'path',
      };
      await callerOf(t, bucket)({ method: 'PUT' });
      return bucket;
    },
    pause: () => void gateway.kill('SIGSTOP'),
    resume: () => void gateway.kill('SIGCONT'),
  };
}

/** Calls a bucket over connections of the test's own. */
export function callerOf(
  t: Test,
  bucket: Bucket,
  options: { timeoutMs?: number; restMs?: number } = {},
): CallBucket {
  const dispatcher = new Pool(originOf(bucket), { connections: 8, headersTimeout: 0, bodyTimeout: 0 });
  t.teardown(() => dispatcher.destroy());
  return createCallBucket({ bucket, dispatcher, timeoutMs: 30_000, ...options });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    ({ ok }) => ok,
    () => false,
  );
}

interface Cluster {
  folder: string;
  cluster: string;
  monitorPort: number;
  endpoint: string;
}

/** One machine, one copy, nobody to be kept out, and no waiting for votes of others. */
function configurationOf({ folder, cluster, monitorPort, endpoint }: Cluster): string {
  return `[global]
fsid = ${cluster}
mon host = v2:127.0.0.1:${monitorPort}
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
ms mon client mode = crc
auth cluster required = none
auth service required = none
auth client required = none
run dir = ${folder}/run
log file = ${folder}/$name.log
mon cluster log file = ${folder}/cluster.log
admin socket = ${folder}/run/$name.asok
pid file = ${folder}/run/$name.pid
crash dir = ${folder}/run
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
paxos propose interval = 0.02
paxos min wait = 0.01
[mon]
mon data = ${folder}/mon
mon initial members = a
mon data avail crit = 1
[osd]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 536870912
[client.rgw]
rgw frontends = beast endpoint=${endpoint.replace('http://', '')}
rgw dns name = s3.test
rgw data = ${folder}/run
rgw override bucket index max shards = 2
rgw dynamic resharding = false
`;
}
