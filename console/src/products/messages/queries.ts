import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api, type Schemas, taken } from '@/api/client'

export type QueueView = Schemas['QueueView']
export type QueueAttributes = Schemas['QueueAttributesView']
export type MessageView = Schemas['MessageView']
export type TopicView = Schemas['TopicView']
export type SubscriptionView = Schemas['SubscriptionView']

const LIVE_MS = 2_000
const ofQueue = (queue: string) => ({ path: { queue } })
const ofTopic = (topic: string) => ({ path: { topic } })
const ofSubscription = (topic: string, name: string) => ({ path: { topic, name } })
const SUBSCRIPTION = '/api/topics/{topic}/subscriptions/{name}' as const

export const useQueues = () =>
  useInfiniteQuery({
    queryKey: ['messages', 'queues'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => taken(api.GET('/api/queues', { params: { query: { after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: LIVE_MS,
  })

export const useTopics = () =>
  useInfiniteQuery({
    queryKey: ['messages', 'topics'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => taken(api.GET('/api/topics', { params: { query: { after: pageParam } } })),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: LIVE_MS,
  })

export const useQueue = (queue: string) =>
  useQuery({
    queryKey: ['messages', 'queue', queue],
    queryFn: () => taken(api.GET('/api/queues/{queue}', { params: ofQueue(queue) })),
    refetchInterval: LIVE_MS,
  })

export const usePeek = (queue: string) =>
  useQuery({
    queryKey: ['messages', 'peek', queue],
    queryFn: async () => (await taken(api.GET('/api/queues/{queue}/messages', { params: ofQueue(queue) }))).messages,
    refetchInterval: LIVE_MS,
  })

export const useTopic = (topic: string) =>
  useQuery({
    queryKey: ['messages', 'topic', topic],
    queryFn: () => taken(api.GET('/api/topics/{topic}', { params: ofTopic(topic) })),
    refetchInterval: LIVE_MS,
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
    refetchInterval: LIVE_MS,
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
  unsubscribe: (topic: string, name: string) =>
    taken(api.DELETE(SUBSCRIPTION, { params: ofSubscription(topic, name) })),
}
