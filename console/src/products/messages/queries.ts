import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type QueueView = Schemas['QueueView']
export type QueueAttributes = Schemas['QueueAttributesView']
export type MessageView = Schemas['MessageView']
export type TopicView = Schemas['TopicView']
export type SubscriptionView = Schemas['SubscriptionView']
export type PutOffView = Schemas['PutOffView']

const LEAST_MS = 1_000
const ofQueue = (queue: string) => ({ path: { queue } })
const ofTopic = (topic: string) => ({ path: { topic } })
const ofSubscription = (topic: string, name: string) => ({ path: { topic, name } })
const SUBSCRIPTION = '/api/topics/{topic}/subscriptions/{name}' as const

/** Until a message's time comes, which nobody does anything about: no news tell of it. */
export function untilNext(queues: QueueView[]): number | false {
  const next = Math.min(...queues.map(({ counts }) => counts.nextAt ?? Infinity))
  return next === Infinity ? false : Math.max(next - Date.now(), LEAST_MS)
}

export const useQueues = () =>
  useInfiniteQuery({
    queryKey: ['messages', 'queues'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => taken(api.GET('/api/queues', { params: { query: { after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: ({ state }) => untilNext(state.data?.pages.flatMap(({ queues }) => queues) ?? []),
  })

export const useTopics = () =>
  useInfiniteQuery({
    queryKey: ['messages', 'topics'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => taken(api.GET('/api/topics', { params: { query: { after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
  })

export const useQueue = (queue: string) =>
  useQuery({
    queryKey: ['messages', 'queue', queue],
    queryFn: () => taken(api.GET('/api/queues/{queue}', { params: ofQueue(queue) })),
    refetchInterval: ({ state }) => untilNext(state.data ? [state.data] : []),
  })

export const usePeek = (queue: string, { counts }: QueueView) =>
  useQuery({
    queryKey: ['messages', 'peek', queue, counts.active], // what can be received is another then
    placeholderData: keepPreviousData,
    queryFn: async () => (await taken(api.GET('/api/queues/{queue}/messages', { params: ofQueue(queue) }))).messages,
  })

export const useTopic = (topic: string) =>
  useQuery({
    queryKey: ['messages', 'topic', topic],
    queryFn: () => taken(api.GET('/api/topics/{topic}', { params: ofTopic(topic) })),
  })

export const useSubscriptions = (topic: string) =>
  useQuery({
    queryKey: ['messages', 'subscriptions', topic],
    queryFn: async () =>
      (await taken(api.GET('/api/topics/{topic}/subscriptions', { params: ofTopic(topic) }))).subscriptions,
  })

export const useWaiting = (topic: string, name: string) =>
  useQuery({
    queryKey: ['messages', 'waiting', topic, name],
    queryFn: () => taken(api.GET(`${SUBSCRIPTION}/deliveries`, { params: ofSubscription(topic, name) })),
    placeholderData: keepPreviousData,
  })

export const acts = {
  createQueue: (body: Schemas['NewQueue']) => taken(api.POST('/api/queues', { body })),
  changeQueue: (queue: string, body: QueueAttributes) =>
    taken(api.PUT('/api/queues/{queue}', { params: ofQueue(queue), body })),
  removeQueue: (queue: string) => taken(api.DELETE('/api/queues/{queue}', { params: ofQueue(queue) })),
  send: (queue: string, body: Schemas['NewMessage']) =>
    taken(api.POST('/api/queues/{queue}/messages', { params: ofQueue(queue), body })),
  receive: (queue: string, limit: number) =>
    taken(api.POST('/api/queues/{queue}/receive', { params: ofQueue(queue), body: { limit } })),
  remove: (queue: string, receiptHandle: string) =>
    taken(api.POST('/api/queues/{queue}/messages/delete', { params: ofQueue(queue), body: { receiptHandle } })),
  hide: (queue: string, receiptHandle: string, timeoutS: number) =>
    taken(api.POST('/api/queues/{queue}/messages/hide', { params: ofQueue(queue), body: { receiptHandle, timeoutS } })),
  purge: (queue: string) => taken(api.POST('/api/queues/{queue}/purge', { params: ofQueue(queue) })),
  createTopic: (body: Schemas['NewTopic']) => taken(api.POST('/api/topics', { body })),
  changeTopic: (topic: string, body: Schemas['TopicAttributesView']) =>
    taken(api.PUT('/api/topics/{topic}', { params: ofTopic(topic), body })),
  removeTopic: (topic: string) => taken(api.DELETE('/api/topics/{topic}', { params: ofTopic(topic) })),
  publish: (topic: string, body: Schemas['NewPublication']) =>
    taken(api.POST('/api/topics/{topic}/messages', { params: ofTopic(topic), body })),
  subscribe: (topic: string, body: Schemas['NewSubscription']) =>
    taken(api.POST('/api/topics/{topic}/subscriptions', { params: ofTopic(topic), body })),
  setStrategy: (topic: string, name: string, strategy: SubscriptionView['strategy']) =>
    taken(api.PUT(SUBSCRIPTION, { params: ofSubscription(topic, name), body: { strategy } })),
  /** Without a message: all that were put off. */
  retry: (topic: string, name: string, messageId = '') =>
    taken(api.POST(`${SUBSCRIPTION}/deliveries/retry`, { params: ofSubscription(topic, name), body: { messageId } })),
  giveUp: (topic: string, name: string, messageId = '') =>
    taken(api.POST(`${SUBSCRIPTION}/deliveries/give-up`, { params: ofSubscription(topic, name), body: { messageId } })),
  unsubscribe: (topic: string, name: string) =>
    taken(api.DELETE(SUBSCRIPTION, { params: ofSubscription(topic, name) })),
}
