import { readFile } from 'node:fs/promises';
import { faulty, passed, type Finding } from '@isthmus/installation';
import { lifeOf } from '../../identity/certificate-life.js';
import type { Identity } from '../../identity/identity.js';
import type { AgentSettings } from '../../settings.js';
import { openTarget } from '../open-target.js';

const CHECK = 'identity';
/** So long an expired certificate is still good for its own renewal. */
const RENEWABLE_MS = 30 * 86_400_000;

/** Whether there is an identity, for how long, or what an enrolment would use. */
export async function checkIdentity(settings: AgentSettings, now = Date.now()): Promise<Finding[]> {
  const { cluster, identities } = await openTarget(settings);
  try {
    const identity = await identities.load();
    return [identity === undefined ? await judgeToken(settings) : judgeIdentity(identity, now)];
  } finally {
    await cluster.close?.();
  }
}

function judgeIdentity({ certificate, cluster }: Identity, now: number): Finding {
  const { notAfter } = lifeOf(certificate);
  const until = new Date(notAfter).toISOString();
  if (now < notAfter) return passed(CHECK, `cluster ${cluster.name}, until ${until}`);
  if (now < notAfter + RENEWABLE_MS)
    return {
      check: CHECK,
      state: 'warn',
      detail: `cluster ${cluster.name}: its certificate ran out at ${until}`,
      fix: 'Nothing: the agent renews it as soon as it reaches the gateway. See why it did not until now.',
    };
  return faulty(CHECK, 'ISM0402', {
    detail: `cluster ${cluster.name}: its certificate ran out at ${until}, more than 30 days ago`,
    fix: 'Onboard it again, and put the token where its first one was: isthmus cluster onboard NAME --manifest | kubectl apply -f -',
  });
}

async function judgeToken({ tokenFile, caFile }: AgentSettings): Promise<Finding> {
  const fix = 'Onboard the cluster: isthmus cluster onboard NAME --manifest | kubectl apply -f -';
  if (tokenFile === undefined)
    return { check: CHECK, state: 'fail', detail: 'not enrolled yet, and no --token-file is given', fix };
  const token = (await readFile(tokenFile, 'utf8').catch(() => '')).trim();
  if (token === '')
    return { check: CHECK, state: 'fail', detail: `not enrolled yet, and ${tokenFile} holds no token`, fix };
  if (caFile === undefined)
    return {
      check: CHECK,
      state: 'fail',
      detail: 'not enrolled yet, and no --ca is given',
      fix: 'Give the CA of the gateway.',
    };
  return passed(CHECK, 'not enrolled yet; a token is there');
}
