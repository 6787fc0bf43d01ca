import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Flex } from 'antd'
import { useText } from '@/i18n'
import { Reasons } from './ErrorNote'
import { SameElsewhere } from './SameElsewhere'
import type { Same } from './shell'

/** What is said when it is done, and what does the same elsewhere. */
type Confirmed = { done?: string; same: Same }

/** Does something on the platform, says how it went, and makes what is shown current again. */
export function useAct() {
  const queries = useQueryClient()
  const { message, modal } = App.useApp()
  const t = useText()
  const { mutateAsync, isPending } = useMutation({ mutationFn: (work: () => Promise<unknown>) => work() })
  const act = async (work: () => Promise<unknown>, done: string = t('common.saved')): Promise<boolean> => {
    try {
      await mutateAsync(work)
    } catch (error) {
      const content = (
        <div role="alert">
          <Reasons error={error} />
        </div>
      )
      modal.error({ title: t('error.title'), content, width: 560 })
      return false
    }
    await queries.invalidateQueries()
    void message.success(done)
    return true
  }
  const confirmed = (title: string, hint: string, work: () => Promise<unknown>, { done, same }: Confirmed) =>
    modal.confirm({
      title,
      width: 560,
      content: (
        <Flex vertical gap={12}>
          {hint}
          <SameElsewhere {...same} />
        </Flex>
      ),
      okButtonProps: { danger: true },
      okText: title,
      cancelText: t('common.cancel'),
      onOk: () => act(work, done),
    })
  return { act, confirmed, isPending }
}
