import { expect, it } from 'vitest';
import { baseFiles, policyCases, renderFiles } from './policy-cases.fixture.js';

it('renders no external service where nobody may call, because an empty list of namespaces means all of them to Istio', () => {
  const text = policyCases().find(({ name }) => name === 'external-service')?.text ?? '';
  const files = [...baseFiles(), { path: 'case.yaml', text }];
  expect(renderFiles(files).clusters.get('central')).not.toEqual([]);
  expect(renderFiles(files, (all) => all, { namespaces: [] }).clusters.get('central')).toEqual([]);
});
