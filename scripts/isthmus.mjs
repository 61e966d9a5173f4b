// `npm run -s isthmus -- <args>`: the CLI from this checkout.
import { runProgram } from './lib/program.mjs';

await runProgram({ name: 'cli', title: 'the CLI' });
