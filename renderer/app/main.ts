// app: the shell around all panels. Realises the first paragraph of workbench.md.

import { createPinia } from 'pinia';
import { createApp } from 'vue';
import 'dockview-vue/dist/styles/dockview.css';
import '@vue-flow/core/dist/style.css';
import '@vue-flow/controls/dist/style.css';
import '@vue-flow/minimap/dist/style.css';
import '../shared/tokens.css';
import '../shared/base.css';
import App from './App.vue';

createApp(App).use(createPinia()).mount('#app');
