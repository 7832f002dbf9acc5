"""FantaCo's MCP servers as their Python form is written: FastMCP, one shared httpx client, a coroutine for each tool.

python fastmcp_server.py customer|finance <port> <rest url>
"""

import sys
from typing import Any

import httpx
from mcp.server.fastmcp import FastMCP

DOMAIN, PORT, REST = sys.argv[1], int(sys.argv[2]), sys.argv[3]

mcp = FastMCP(f"{DOMAIN}-api", host="127.0.0.1", port=PORT, log_level="WARNING")
rest = httpx.AsyncClient(base_url=REST, timeout=30.0)


def result_of(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        return {"error": f"HTTP {response.status_code}", "detail": response.text, "status_code": response.status_code}
    body = response.json()
    return {"results": body} if isinstance(body, list) else body


def given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


async def history(kind: str, customer_id: str, start_date: str | None, end_date: str | None, limit: int) -> dict[str, Any]:
    body = {"customerId": customer_id, "limit": limit, **given(startDate=start_date, endDate=end_date)}
    return result_of(await rest.post(f"/api/finance/{kind}/history", json=body))


if DOMAIN == "customer":

    @mcp.tool()
    async def search_customers(
        company_name: str | None = None,
        contact_name: str | None = None,
        contact_email: str | None = None,
        phone: str | None = None,
    ) -> dict[str, Any]:
        """Searches customers by part of the company name, contact name, e-mail address or phone number."""
        query = given(companyName=company_name, contactName=contact_name, contactEmail=contact_email, phone=phone)
        return result_of(await rest.get("/api/customers", params=query))

    @mcp.tool()
    async def get_customer(customer_id: str) -> dict[str, Any]:
        """Returns one customer by id."""
        return result_of(await rest.get(f"/api/customers/{customer_id}"))

else:

    @mcp.tool()
    async def fetch_order_history(
        customer_id: str, start_date: str | None = None, end_date: str | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Returns a customer's orders, newest first."""
        return await history("orders", customer_id, start_date, end_date, limit)

    @mcp.tool()
    async def fetch_invoice_history(
        customer_id: str, start_date: str | None = None, end_date: str | None = None, limit: int = 50
    ) -> dict[str, Any]:
        """Returns a customer's invoices, newest first."""
        return await history("invoices", customer_id, start_date, end_date, limit)


mcp.run(transport="streamable-http")
