/// <reference types="vitest/config" />
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const BACKEND = process.env.CHENGDAN_API ?? 'http://127.0.0.1:8000'

const UI_FOR_ALL =
  /node_modules[\\/](?!.*(select|table|tabs|pagination|tree|virtual-list|input-number|checkbox|segmented|switch|dropdown|menu))(antd|@ant-design|@rc-component)[\\/]/

/** Swagger UI as its makers built it, for /api/docs. */
const apiDocs: Plugin = {
  name: 'api-docs',
  apply: 'build',
  generateBundle() {
    const { resolve } = createRequire(import.meta.url)
    for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
      const source = readFileSync(resolve(`swagger-ui-dist/${name}`))
      this.emitFile({ type: 'asset', fileName: `api-docs/${name}`, source })
    }
  },
}

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    react(),
    apiDocs,
    VitePWA({
      registerType: 'prompt',
      injectRegister: null,
      includeAssets: ['icon.svg', 'apple-touch-icon.png'],
      manifest: {
        id: '/',
        name: '成单 Chengdan',
        short_name: '成单',
        description: '把销售从个人习惯变成可追溯的标准流程',
        lang: 'zh-CN',
        start_url: '/today',
        scope: '/',
        display: 'standalone',
        orientation: 'any',
        theme_color: '#12302f',
        background_color: '#f3f4f1',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
        // What only a few screens need comes when it is needed.
        globIgnores: ['api-docs/**', '**/{PdfPages,pdf}-*.js'],
        navigateFallback: '/index.html',
        // Only documents of the SPA: answers of the server are never served from a cache.
        navigateFallbackDenylist: [
          /^\/api\//,
          /^\/healthz/,
          /^\/readyz/,
          /^\/metrics/,
          /^\/docs/,
          /^\/openapi/,
          /^\/sample/,
        ],
        runtimeCaching: [],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  server: { proxy: { '/api': { target: BACKEND, changeOrigin: false } } },
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // A few files that every screen needs, instead of dozens; what only some screens need stays with them.
        codeSplitting: {
          groups: [
            {
              name: 'vendor',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next|dayjs)[\\/]/,
            },
            { name: 'ui', test: UI_FOR_ALL, minShareCount: 3 },
            { name: 'common', test: /[\\/]src[\\/](api|components|i18n|lib)[\\/]/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    unstubGlobals: true,
    pool: 'threads',
    // One jsdom a worker instead of one a file; setup.ts cleans up after every test.
    isolate: false,
    testTimeout: 20_000,
  },
})
