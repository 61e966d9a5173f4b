import * as z from 'zod';
import { word } from './features/feature-fields.js';

const port = z.int().min(1).max(65_535);
const pair = z.strictObject({ name: z.string(), value: z.string() });

/** What the proxy of a machine asks it. Times are whole seconds. */
const readiness = z.strictObject({
  http: z.strictObject({ path: word, port }).optional(),
  tcp: z.strictObject({ port }).optional(),
  periodSeconds: z.int().min(1).optional(),
  timeoutSeconds: z.int().min(1).optional(),
  failures: z.int().min(1).optional(),
});

/** One machine outside of Kubernetes that serves a member. */
export const machineSchema = z.strictObject({
  site: word,
  name: word,
  address: word,
  serviceAccount: word,
  /** All labels that it has as an endpoint, those of the service's selector among them. */
  labels: z.array(pair),
  network: word.optional(),
  locality: word.optional(),
  weight: z.int().min(2).optional(),
  /** Port numbers of the host for which it listens elsewhere than the member says. */
  ports: z.array(z.strictObject({ number: port, targetPort: port })).optional(),
  readiness: readiness.optional(),
});

export type MachineEntry = z.output<typeof machineSchema>;
export type MachineReadiness = z.output<typeof readiness>;
