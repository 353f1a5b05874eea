/** The mark: a signet ring seen from above. Its color is the text's, or its own as a site icon. */
export const icon: string =
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="currentColor" color="#3f6ff0" stroke-width="2.6" aria-hidden="true"><circle cx="16" cy="20" r="9.5"/><path fill="currentColor" d="M9.5 5.5h13l3 6-9.5 6.5-9.5-6.5z" stroke-linejoin="round"/></svg>`;
