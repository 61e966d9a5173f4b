import { describe } from 'vitest';
import { queueContract } from './contract.fixture.js';
import { createMemoryQueue } from './index.js';

describe('the queue in memory', () => queueContract(async () => createMemoryQueue()));
