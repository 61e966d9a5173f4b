import { FIELD_MANAGER, type KubeObject, type KubeObjectRef } from '@isthmus/domain';
import { Discovery } from './discovery.js';
import { pathOf, refOfObject, withQuery, type ResourceType } from './resource-type.js';
import { succeed, type KubeResult } from './result.js';
import { KubeTransport, type TransportOptions } from './transport.js';

/** What is listed and watched. */
export interface Selection {
  type: ResourceType;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

export interface ListPage {
  items: KubeObject[];
  resourceVersion: string;
  /** Undefined after the last page. */
  next?: string;
}

export interface ListRequest extends Selection {
  limit?: number;
  continueAt?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Metadata only, which spares the server and us the rest. */
  metadataOnly?: boolean;
}

/** Something that somebody may be allowed to do; without a namespace it is meant for all of them. */
export interface AccessQuestion {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  name?: string | undefined;
  namespace?: string | undefined;
}

/** What came of an apply. `created`: there was no such object before. */
export interface Applied {
  metadata: KubeObject['metadata'];
  created: boolean;
}

/** How much of a written object the server answers; metadata spares both sides the rest. */
export type AnswerPart = 'whole' | 'metadata';

interface ListAnswer {
  metadata?: { resourceVersion?: string; continue?: string };
  /** Null where the server has none to say. */
  items?: KubeObject[] | null;
}

const APPLY = 'application/apply-patch+yaml';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const ACCEPT: Readonly<Record<AnswerPart, string>> = { whole: 'application/json', metadata: METADATA };

/** The requests that Isthmus makes of an apiserver. Failures are answers; nothing here throws but bugs. */
export class KubeClient {
  readonly discovery: Discovery;
  readonly transport: KubeTransport;

  constructor(options: TransportOptions) {
    this.transport = new KubeTransport(options);
    this.discovery = new Discovery(this.transport);
  }

  /** One object of a kind that discovery knows. */
  async get(ref: KubeObjectRef): Promise<KubeResult<KubeObject>> {
    return this.#of(ref, (type) => this.getOf(type, ref));
  }

  /** One object. */
  getOf(type: ResourceType, at: { namespace?: string; name: string }): Promise<KubeResult<KubeObject>> {
    return this.#object({ method: 'GET', path: pathOf(type, at) }, type);
  }

  /** One page of a list; 410 on a later page means that the list must begin again. */
  async list(request: ListRequest): Promise<KubeResult<ListPage>> {
    const { type, namespace, labelSelector, fieldSelector, limit = 500, continueAt, signal } = request;
    const path = withQuery(pathOf(type, { namespace }), { limit, continue: continueAt, labelSelector, fieldSelector });
    const accept = request.metadataOnly === true ? METADATA_LIST : 'application/json';
    const answer = await this.transport.request({ method: 'GET', path, accept, signal });
    if (!answer.ok) return answer;
    const { metadata = {}, items } = answer.value.body as ListAnswer;
    const page: ListPage = {
      items: (items ?? []).map((item) => Object.assign(item, { apiVersion: type.apiVersion, kind: type.kind })),
      resourceVersion: metadata.resourceVersion ?? '',
    };
    if (metadata.continue) page.next = metadata.continue;
    return succeed(page);
  }

  /**
   * Server-side apply with our field manager and never by force: fields of other managers are answered as a conflict that names them.
   * What else the object holds is not answered: who wants to see it, watches it.
   * A uid in the object's metadata makes it apply to that very object and to no other of its name.
   */
  async apply(object: KubeObject, options: { dryRun?: boolean } = {}): Promise<KubeResult<Applied>> {
    const ref = refOfObject(object);
    const type = await this.discovery.find(ref.apiVersion, ref.kind);
    if (!type.ok) return type;
    const path = withQuery(pathOf(type.value, ref), {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      dryRun: options.dryRun === true ? 'All' : undefined,
    });
    const request = { method: 'PATCH', path, body: object, contentType: APPLY, accept: METADATA } as const;
    const answer = await this.transport.request(request);
    if (!answer.ok) return this.#noted(ref, answer);
    const { metadata } = answer.value.body as KubeObject;
    return succeed({ metadata, created: answer.value.status === 201 });
  }

  /** Deletes exactly the object of this uid; another one of its name is a conflict. Answers what is left while finalizers run. */
  async remove(ref: KubeObjectRef, uid: string): Promise<KubeResult<KubeObject | undefined>> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid }, propagationPolicy: 'Background' };
    const result = await this.#of(ref, (type) =>
      this.#object({ method: 'DELETE', path: pathOf(type, ref), body }, type),
    );
    if (!result.ok) return result;
    return succeed(result.value.metadata?.uid === uid ? result.value : undefined);
  }

  /** Makes an object that must not exist yet. */
  create(type: ResourceType, object: KubeObject, answer: AnswerPart = 'whole'): Promise<KubeResult<KubeObject>> {
    const path = withQuery(pathOf(type, { namespace: object.metadata.namespace }), { fieldManager: FIELD_MANAGER });
    return this.#object({ method: 'POST', path, body: object, accept: ACCEPT[answer] }, type);
  }

  /** Replaces an object if nobody changed it since `metadata.resourceVersion`; else a conflict. */
  replace(type: ResourceType, object: KubeObject, answer: AnswerPart = 'whole'): Promise<KubeResult<KubeObject>> {
    const path = withQuery(pathOf(type, object.metadata), { fieldManager: FIELD_MANAGER });
    return this.#object({ method: 'PUT', path, body: object, accept: ACCEPT[answer] }, type);
  }

  /** The server's version, as `v1.36.3`. */
  async version(): Promise<KubeResult<string>> {
    const answer = await this.transport.request({ method: 'GET', path: '/version' });
    return answer.ok ? succeed((answer.value.body as { gitVersion: string }).gitVersion) : answer;
  }

  /** Whether this client may do it, or a ServiceAccount of the cluster may. */
  async allows(question: AccessQuestion, account?: { namespace: string; name: string }): Promise<KubeResult<boolean>> {
    const kind = account === undefined ? 'SelfSubjectAccessReview' : 'SubjectAccessReview';
    const spec = { resourceAttributes: question, ...(account === undefined ? {} : subjectOf(account)) };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind, spec };
    const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
    const answer = await this.transport.request({ method: 'POST', path, body });
    return answer.ok ? succeed((answer.value.body as { status: { allowed: boolean } }).status.allowed) : answer;
  }

  close(): void {
    this.transport.close();
  }

  async #of<T>(ref: KubeObjectRef, ask: (type: ResourceType) => Promise<KubeResult<T>>): Promise<KubeResult<T>> {
    const type = await this.discovery.find(ref.apiVersion, ref.kind);
    return type.ok ? this.#noted(ref, await ask(type.value)) : type;
  }

  /** A kind that has gone is looked up again next time. */
  #noted<T>(ref: KubeObjectRef, result: KubeResult<T>): KubeResult<T> {
    if (!result.ok && result.failure.kind === 'notServed') this.discovery.forget(ref.apiVersion);
    return result;
  }

  async #object(
    request: { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string; body?: unknown; accept?: string },
    { apiVersion, kind }: ResourceType,
  ): Promise<KubeResult<KubeObject>> {
    const answer = await this.transport.request(request);
    if (!answer.ok) return answer;
    const object = answer.value.body as KubeObject;
    return succeed(object.kind === 'Status' ? object : { ...object, apiVersion, kind });
  }
}

function subjectOf({ namespace, name }: { namespace: string; name: string }): { user: string; groups: string[] } {
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { user: `system:serviceaccount:${namespace}:${name}`, groups };
}
