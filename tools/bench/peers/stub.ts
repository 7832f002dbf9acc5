/** A REST service that is instant: one constant answer for every customer. `bun stub.ts <port>` */
const customer = JSON.stringify({
  customerId: "AROUT",
  companyName: "Around the Horn",
  contactName: "Thomas Hardy",
  contactTitle: "Sales Representative",
  address: "120 Hanover Sq.",
  city: "London",
  region: null,
  postalCode: "WA1 1DP",
  country: "UK",
  phone: "(171) 555-7788",
  fax: "(171) 555-6750",
  contactEmail: "thomashardy@example.com",
  createdAt: "2025-12-13T22:19:49.433401",
  updatedAt: "2025-12-13T22:19:49.433401",
});
const headers = { "content-type": "application/json" };

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  // A static route never reaches JavaScript, so it takes as little as possible from the generator beside it.
  routes: {
    "/api/customers/AROUT": new Response(customer, { headers }),
    "/actuator/health/readiness": Response.json({ status: "UP" }),
  },
  fetch: () => new Response(null, { status: 404 }),
});
