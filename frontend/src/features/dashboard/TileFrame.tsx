import { BarChartOutlined, HolderOutlined, SettingOutlined, TableOutlined } from '@ant-design/icons'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { Button, Dropdown } from 'antd'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './dashboard.module.css'
import { MOST, type Tile, type TileName } from './layout'
import { ResizeHandle } from './ResizeHandle'

const MARK = 'tile'

interface Props {
  tile: Tile
  place: number
  many: number
  isPhone: boolean
  onMove: (name: TileName, to: number) => void
  onSize: (name: TileName, size: { width?: number; height?: number }) => void
  children: (isTable: boolean) => ReactNode
}

/** A tile with its name: dragged by its grip, sized at its corner, or both by its menu. */
export function TileFrame({ tile, place, many, isPhone, onMove, onSize, children }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const whole = useRef<HTMLElement>(null)
  const grip = useRef<HTMLSpanElement>(null)
  const [isTable, setIsTable] = useState(false)
  const [isOver, setIsOver] = useState(false)
  const [isDragged, setIsDragged] = useState(false)
  const { name, width, height } = tile
  useEffect(() => {
    if (!whole.current || !grip.current) return
    return combine(
      draggable({
        element: whole.current,
        dragHandle: grip.current,
        getInitialData: () => ({ [MARK]: name }),
        onDragStart: () => setIsDragged(true),
        onDrop: () => setIsDragged(false),
      }),
      dropTargetForElements({
        element: whole.current,
        canDrop: ({ source }) => MARK in source.data && source.data[MARK] !== name,
        onDragEnter: () => setIsOver(true),
        onDragLeave: () => setIsOver(false),
        onDrop: ({ source }) => {
          setIsOver(false)
          onMove(source.data[MARK] as TileName, place)
        },
      }),
    )
  }, [name, place, onMove])
  const word = t(`dashboard.tiles.${name}`)
  const sizes = [
    {
      key: 'wider',
      label: t('dashboard.wider'),
      disabled: width >= MOST,
      onClick: () => onSize(name, { width: width + 1 }),
    },
    {
      key: 'narrower',
      label: t('dashboard.narrower'),
      disabled: width <= 1,
      onClick: () => onSize(name, { width: width - 1 }),
    },
    {
      key: 'taller',
      label: t('dashboard.taller'),
      disabled: height >= MOST,
      onClick: () => onSize(name, { height: height + 1 }),
    },
    {
      key: 'shorter',
      label: t('dashboard.shorter'),
      disabled: height <= 1,
      onClick: () => onSize(name, { height: height - 1 }),
    },
  ]
  const menu = [
    { key: 'earlier', label: t('dashboard.earlier'), disabled: place === 0, onClick: () => onMove(name, place - 1) },
    { key: 'later', label: t('dashboard.later'), disabled: place === many - 1, onClick: () => onMove(name, place + 1) },
    ...(isPhone ? [] : [{ type: 'divider' as const }, ...sizes]),
  ]
  return (
    <section
      ref={whole}
      aria-labelledby={id}
      data-tile={name}
      className={`${styles.tile} ${isOver ? styles.isOver : ''} ${isDragged ? styles.isDragged : ''}`}
      style={isPhone ? undefined : { gridColumn: `span ${width}`, gridRow: `span ${height}` }}
    >
      <header className={styles.head}>
        <span ref={grip} className={styles.grip} aria-hidden>
          <HolderOutlined />
        </span>
        <h2 id={id} className={styles.name}>
          {word}
        </h2>
        <Button
          type="text"
          size="small"
          icon={isTable ? <BarChartOutlined aria-hidden /> : <TableOutlined aria-hidden />}
          aria-pressed={isTable}
          aria-label={t('dashboard.asTable', { tile: word })}
          onClick={() => setIsTable(!isTable)}
        />
        <Dropdown menu={{ items: menu }} trigger={['click']} placement="bottomRight">
          <Button
            type="text"
            size="small"
            icon={<SettingOutlined aria-hidden />}
            aria-label={t('dashboard.arrange', { tile: word })}
          />
        </Dropdown>
      </header>
      <div className={styles.body}>{children(isTable)}</div>
      {!isPhone && (
        <ResizeHandle
          tile={whole}
          label={t('dashboard.resize', { tile: word })}
          width={width}
          height={height}
          onSize={(size) => onSize(name, size)}
        />
      )}
    </section>
  )
}
