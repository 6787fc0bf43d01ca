import { Drawer, type DrawerProps, Modal, type ModalProps } from 'antd'
import { useEffect, useState } from 'react'

/** A dialog that is there only while it is open, and gives the focus back to what opened it. */
export function Dialog(props: ModalProps) {
  useFocusBack()
  return <Modal open {...props} />
}

/** The same at the side of the page. */
export function SideDialog(props: DrawerProps) {
  useFocusBack()
  return <Drawer open {...props} />
}

function useFocusBack() {
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      if (opener instanceof HTMLElement) setTimeout(() => opener.focus()) // when the dialog has let go of it
    },
    [opener],
  )
}
