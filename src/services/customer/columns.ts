import { customer } from "../../../db/customer/schema.ts";
import { localDateTime } from "../../../db/local-date-time.ts";

/** What every query of customers selects, in the order of the answer's keys. */
export const columns = {
  customerId: customer.customerId,
  companyName: customer.companyName,
  contactName: customer.contactName,
  contactTitle: customer.contactTitle,
  address: customer.address,
  city: customer.city,
  region: customer.region,
  postalCode: customer.postalCode,
  country: customer.country,
  phone: customer.phone,
  fax: customer.fax,
  contactEmail: customer.contactEmail,
  createdAt: localDateTime(customer.createdAt),
  updatedAt: localDateTime(customer.updatedAt),
};
