// `npm run -s admin -- <args>`: the operator's commands from this checkout. They need the Prisma client before they are built.
import { generate } from './generate.mjs';
import { runProgram } from './lib/program.mjs';

await runProgram({ name: 'admin', title: 'the operator’s commands', prepare: () => generate('before-build') });
