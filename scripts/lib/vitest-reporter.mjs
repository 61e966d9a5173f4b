// Records what vitest ran as JSON for scripts/test.mjs; the file is written only when the run came to its end.
import fs from 'node:fs';
import path from 'node:path';

export default class RecordingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()].map((test) => recorded(module, test)));
    const errors = [
      ...modules.flatMap((module) => suiteErrors(module).map((error) => `${fileOf(module)}: ${error.message}`)),
      ...unhandledErrors.map((error) => `unhandled error: ${error.message}`),
    ];
    fs.writeFileSync(process.env.ISTHMUS_TEST_RECORD, JSON.stringify({ tests, errors }));
  }
}

const fileOf = (module) => path.relative(process.cwd(), module.moduleId);

function recorded(module, test) {
  const { state, note } = test.result();
  const reason = note ?? (test.options.mode === 'todo' ? 'to do' : undefined);
  return { name: `${fileOf(module)} > ${test.fullName}`, state, note: reason };
}

/** Errors outside tests: a module that does not load, a failing hook of a suite. */
function suiteErrors(module) {
  return [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
}
