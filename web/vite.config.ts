import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { budget } from './build/budget.ts'
import { compress } from './build/compress.ts'

/** Where `npm run dev` finds a platform to talk to. */
const platform = process.env.TOWPATH_SERVER ?? 'http://127.0.0.1:7070'

// Vite looks for a default export.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), budget({ firstPage: 'src/pages/overview/overview.tsx' }), compress()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Never as data: in CSS or script: the page's policy allows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(['/api', '/auth', '/openapi.json'].map(path => [path, platform])) },
})
