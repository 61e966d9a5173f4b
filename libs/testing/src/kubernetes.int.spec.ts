import { readFileSync } from 'node:fs';
import https from 'node:https';
import { expect, it } from 'vitest';
import { probeKubernetes } from './kubernetes-probe.js';
import { startKubeApiserver } from './kubernetes.js';
import { real } from './real.js';

const onKubernetes = await real('kubernetes', probeKubernetes);

interface Config {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token: string } }[];
}

function ask(kubeconfig: string, at: string): Promise<number> {
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Config;
  const cluster = config.clusters[0]?.cluster;
  const headers = { authorization: `Bearer ${config.users[0]?.user.token ?? ''}` };
  const ca = Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64');
  return new Promise((resolve, reject) => {
    https
      .get(`${cluster?.server ?? ''}${at}`, { headers, ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .once('error', reject);
  });
}

onKubernetes('a real kube-apiserver', () => {
  it('refuses a user without rights, answers its admin, survives a kill, shares its etcd and is gone after stop', async () => {
    const one = await startKubeApiserver({ users: ['nobody'] });
    const two = await startKubeApiserver();
    expect(await ask(one.kubeconfigOf('nobody'), '/api/v1/namespaces')).toBe(403);
    expect(await ask(one.kubeconfig, '/api/v1/namespaces')).toBe(200);
    expect(one.prefix).not.toBe(two.prefix);
    await one.kill();
    await expect(ask(one.kubeconfig, '/readyz')).rejects.toThrow('ECONNREFUSED');
    await one.restart();
    expect(await ask(one.kubeconfig, '/readyz')).toBe(200);
    await one.stop();
    expect(await ask(two.kubeconfig, '/readyz')).toBe(200);
    await two.stop();
    expect(() => process.kill(two.pid, 0)).toThrow('ESRCH');
  });
});
