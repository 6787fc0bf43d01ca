import type { Table } from 'antd'
import { type ComponentRef, useEffect, useRef } from 'react'

/** For a table's `ref`: a wide table is moved by the keyboard, too. */
export function useReachable() {
  const table = useRef<ComponentRef<typeof Table>>(null)
  useEffect(() => {
    table.current?.nativeElement.querySelector('.ant-table-content')?.setAttribute('tabindex', '0')
  })
  return table
}
