import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolPath, valkeyBinary } from '@isthmus/testing';
import type { Testbed } from './testbed.fixture.js';

/** Lines of the testbed's tables for the pod in which the service runs. */
export const LIMITER = {
  pods: ['a limiter bookinfo limiter 10.77.1.40 app app=limiter'],
  services: ['a limiter bookinfo limiter ClusterIP grpc:8081:8081'],
};

/** Each user may ask reviews this often in a day. */
export const A_DAY = 3;

const LIMITS = `
domain: bookinfo
descriptors:
  - key: service
    value: reviews
    descriptors:
      - key: user
        rate_limit: { unit: day, requests_per_unit: ${A_DAY} }
`;

/** Runs a command for as long as its input is open: what is left of a test that died ends as well. */
const WHILE_WANTED = ['sh', '-c', '"$@" & read -r _; kill -9 $!', 'sh'];

/** Envoy's own rate-limit service over a real Valkey, in the network of a pod. What it has counted outlives it. */
export class Limiter {
  #store: ChildProcess | undefined;
  #service: ChildProcess | undefined;

  constructor(private readonly testbed: Testbed) {}

  /** Returns when it takes connections. */
  async start(): Promise<void> {
    const root = join(this.testbed.home, 'limits');
    await mkdir(join(root, 'config'), { recursive: true });
    await writeFile(join(root, 'config', 'bookinfo.yaml'), LIMITS);
    const store = [await valkeyBinary(), '--bind', '127.0.0.1', '--port', '6379', '--save', '', '--dir', root];
    this.#store ??= this.run(store);
    await this.listens(6379);
    const settings = {
      ...{ BACKEND_TYPE: 'redis', REDIS_SOCKET_TYPE: 'tcp', REDIS_URL: '127.0.0.1:6379' },
      ...{ RUNTIME_ROOT: root, RUNTIME_SUBDIRECTORY: '.', USE_STATSD: 'false', LOG_LEVEL: 'warn' },
      ...{ GRPC_PORT: '8081', PORT: '8082', DEBUG_PORT: '8083' },
    };
    const variables = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    this.#service = this.run(['env', ...variables, toolPath('ratelimit')]);
    await this.listens(8081);
  }

  /** The service is gone, and its counts are not. */
  stop(): void {
    this.#service?.stdin?.end();
    this.#service = undefined;
  }

  close(): void {
    this.stop();
    this.#store?.stdin?.end();
  }

  private run(command: readonly string[]): ChildProcess {
    const { file, arguments: all, env } = this.testbed.inPod('a', 'limiter', ...WHILE_WANTED, ...command);
    return spawn(file, all, { env, stdio: ['pipe', 'ignore', 'ignore'] });
  }

  private async listens(port: number): Promise<void> {
    const knock = `until : </dev/tcp/127.0.0.1/${port}; do sleep 0.1; done 2>/dev/null`;
    await this.testbed.cli('pod', 'exec', 'a', 'limiter', 'timeout', '30', 'bash', '-c', knock);
  }
}
