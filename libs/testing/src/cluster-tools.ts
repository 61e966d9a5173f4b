import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { kubernetesFolders } from '@isthmus/kube';
import { searchPath } from './env.js';

/** Programs of a cluster's operator, and a service that limits rates. */
export type ClusterTool = 'kubectl' | 'helm' | 'ratelimit';

/** What a program said. */
export interface ToolAnswer {
  code: number;
  out: string;
  err: string;
}

/** For `real(…)`: undefined when the program is in the testbed's cache or on PATH, else why not. */
export function probeTool(tool: ClusterTool): string | undefined {
  return fileOf(tool) === undefined ? `no ${tool} in the cache or on PATH; testbed/build.sh builds it` : undefined;
}

/** The path of a program for which `probeTool` found nothing to say. */
export function toolPath(tool: ClusterTool): string {
  const file = fileOf(tool);
  if (file === undefined) throw new Error(probeTool(tool));
  return file;
}

/** Runs kubectl against a cluster. */
export function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<ToolAnswer> {
  return runTool('kubectl', ['--kubeconfig', kubeconfig, ...args], input);
}

/** Runs Helm; none of its plugins, repositories and settings of this user are seen. */
export function helm(args: readonly string[], input?: string): Promise<ToolAnswer> {
  return runTool('helm', args, input);
}

function runTool(tool: ClusterTool, args: readonly string[], input = ''): Promise<ToolAnswer> {
  const file = toolPath(tool);
  const home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), `isthmus-${tool}-`));
  return new Promise((resolve, reject) => {
    const env = { HOME: home, PATH: searchPath().join(path.delimiter) };
    const child = execFile(file, args, { env, maxBuffer: 64 * 2 ** 20, timeout: 120_000 }, (error, out, err) => {
      fs.rmSync(home, { recursive: true, force: true });
      if (error !== null && typeof error.code !== 'number') return reject(new Error(error.message));
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function fileOf(tool: ClusterTool): string | undefined {
  return [...kubernetesFolders(), ...searchPath()]
    .map((folder) => path.join(folder, tool))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
