import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** Makes what is shown of configuration current as soon as anybody changes it. */
export function useConfigNews() {
  const queries = useQueryClient()
  useEffect(() => {
    const news = new EventSource('/api/config/stream')
    news.addEventListener('changes', () => void queries.invalidateQueries({ queryKey: ['config'] }))
    return () => news.close()
  }, [queries])
}
