import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { accepts, freePort } from '../free-port.ts';
import type { Started } from '../start-process.ts';

/** nginx, keeping what the raw server answers; it must be installed. */
export async function startNginxCache({ start, dir }: Bench, rawUrl: string): Promise<Started> {
  const port = await freePort();
  const file = join(dir, 'nginx.conf');
  writeFileSync(file, configuration(dir, port, rawUrl));
  return start({
    name: 'nginx',
    command: 'nginx',
    args: ['-p', dir, '-c', file, '-e', join(dir, 'nginx-errors.log')],
    on: 'server',
    urlOf: async () => ((await accepts(port)) ? `http://127.0.0.1:${port}` : null),
  });
}

/** One worker, as the others have one process; what the gateway forbids to shared caches is kept all the same. */
function configuration(dir: string, port: number, rawUrl: string): string {
  const { uid, username } = userInfo();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
${uid === 0 ? `user ${username};` : ''}
daemon off;
worker_processes 1;
pid ${join(dir, 'nginx.pid')};
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 120s;
  proxy_cache_path ${join(dir, 'nginx-kept')} keys_zone=kept:10m;
${temporary.map((name) => `  ${name}_temp_path ${join(dir, `nginx-${name}`)};`).join('\n')}
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass ${rawUrl};
      proxy_cache kept;
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control Expires Vary;
    }
  }
}
`;
}
