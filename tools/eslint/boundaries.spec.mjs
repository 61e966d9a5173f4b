import { describe, expect, it } from 'vitest';
import { readProjects } from '../projects.mjs';
import { importFault } from './boundaries.mjs';

const projects = readProjects();
const fault = (file, source) => importFault({ file, source }, projects);

describe('an import is refused', () => {
  it.each([
    ['libs/domain/src/gns.ts', 'node:crypto', '@noble/hashes'],
    ['libs/domain/src/gns.ts', 'crypto', '@noble/hashes'],
    ['libs/slo/src/burn.ts', 'pg', 'port'],
    ['libs/domain/src/gns.ts', '@isthmus/meshes', 'package.json'],
    ['libs/plan/src/diff.ts', '@isthmus/store', 'port'],
    ['libs/queue/src/jobs.ts', '@isthmus/store', 'port'],
    ['apps/api/src/main.ts', '@prisma/client', 'repository of @isthmus/store'],
    ['libs/store/src/outbox.ts', 'bullmq', 'ports of @isthmus/queue'],
    ['agent/src/apply.ts', '@kubernetes/client-node', 'ports of @isthmus/kube'],
    ['agent/src/loop.ts', '@isthmus/testing', 'fixture'],
    ['agent/src/loop.ts', '@isthmus/domain/src/gns.js', "'@isthmus/domain'"],
    ['apps/cli/src/main.ts', '@isthmus/api/spec', "'@isthmus/api'"],
    ['agent/src/loop.ts', '../../libs/domain/src/index.js', 'package name'],
    ['libs/domain/src/gns.ts', '@isthmus/domain', 'relative path'],
    ['libs/domain/src/gns.ts', '@isthmus/nothing', 'no project'],
  ])('%s from %s, naming the way out', (file, source, wayOut) => {
    expect(fault(file, source)).toContain(wayOut);
  });
});

describe('an import is let through', () => {
  it.each([
    ['libs/domain/src/gns.ts', '@noble/hashes/sha2.js'],
    ['libs/domain/src/gns.spec.ts', 'node:fs'],
    ['libs/domain/src/gns.spec.ts', '@isthmus/testing'],
    ['apps/cli/src/online/api.fixture.ts', '@isthmus/api/spec'],
    ['libs/plan/src/diff.ts', '@isthmus/domain'],
    ['libs/store/src/client.ts', '@prisma/client'],
    ['libs/queue/src/jobs.ts', 'bullmq'],
    ['apps/api/src/main.ts', '@isthmus/store'],
    ['apps/api/src/main.ts', './env.js'],
    ['scripts/test.mjs', 'node:fs'],
  ])('%s from %s', (file, source) => {
    expect(fault(file, source)).toBeUndefined();
  });
});
