"""FastAPI on asyncpg: the same queries and JSON, nothing else. Answers leave as bytes of orjson, its fastest way."""

import json
import os
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

QUERIES = json.loads((Path(__file__).parent / "queries.json").read_text())
POOL = {"min_size": 10, "max_size": 10}


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.customers = await asyncpg.create_pool(os.environ["CUSTOMER_URL"], **POOL)
    app.state.finance = await asyncpg.create_pool(os.environ["FINANCE_URL"], **POOL)
    yield
    await app.state.customers.close()
    await app.state.finance.close()


app = FastAPI(lifespan=lifespan)


def answer(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


@app.get("/api/customers/{customer_id}")
async def get_customer(customer_id: str) -> Response:
    row = await app.state.customers.fetchrow(QUERIES["customerById"], customer_id)
    return answer(None, 404) if row is None else answer(dict(row))


@app.get("/api/customers")
async def search_customers(contactName: str | None = None, phone: str | None = None) -> Response:
    if contactName is not None:
        query, value = QUERIES["customersByContact"], contactName
    else:
        query, value = QUERIES["customersByPhone"], phone
    rows = await app.state.customers.fetch(query, f"%{value}%")
    return answer([dict(row) for row in rows])


@app.post("/api/finance/orders/history")
async def order_history(request: Request) -> Response:
    body = orjson.loads(await request.body())
    rows = await app.state.finance.fetch(
        QUERIES["orderHistory"], body["customerId"], body.get("limit", 50)
    )
    message = "Order history retrieved successfully"
    data = [dict(row) for row in rows]
    return answer({"data": data, "success": True, "count": len(data), "message": message})
