/* hsds_schema.c: tables, fields, types and links of the Human Services Data Specification 3.0.1 (Open Referral, https://docs.openreferral.org/),
 * as its schemas name them; in the order of its datapackage. tests/store/hsds.c compares this table with the schemas themselves. */
#include "directory/hsds.h"

/* clang-format off */
#define FIELD(n, t, w, ...) {.name = (n), .type = (t), .need = (w), ##__VA_ARGS__}
#define BRANCH(n, k, b, l) {.name = (n), .kind = (k), .by = (b), .list = (l)}
/* clang-format on */

static const char *const statuses[] = {"active", "inactive", "defunct", "temporarily closed", NULL};
static const char *const places[] = {"physical", "postal", "virtual", NULL};
static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU", NULL};
static const char *const frequencies[] = {"WEEKLY", "MONTHLY", NULL};
static const struct hsds_branch no_branches[] = {{0}};

static const struct hsds_field organization_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("name", HSDS_TEXT, HSDS_FULL),
    FIELD("alternate_name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_KEY),
    FIELD("email", HSDS_EMAIL, HSDS_OPTIONAL),
    FIELD("website", HSDS_URI, HSDS_OPTIONAL),
    FIELD("tax_status", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("tax_id", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("year_incorporated", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("legal_status", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("logo", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("uri", HSDS_URI, HSDS_OPTIONAL),
    FIELD("parent_organization_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_ORGANIZATION, .is_reference = true),
    {0}};
static const struct hsds_branch organization_branches[] = {
    BRANCH("funding", HSDS_FUNDING, "organization_id", true),
    BRANCH("contacts", HSDS_CONTACT, "organization_id", true),
    BRANCH("phones", HSDS_PHONE, "organization_id", true),
    BRANCH("locations", HSDS_LOCATION, "organization_id", true),
    BRANCH("programs", HSDS_PROGRAM, "organization_id", true),
    BRANCH("organization_identifiers", HSDS_ORGANIZATION_IDENTIFIER, "organization_id", true),
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
    BRANCH("services", HSDS_SERVICE, "organization_id", true),
    {0}};
static const struct hsds_field program_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("organization_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_FULL),
    FIELD("alternate_name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_KEY),
    {0}};
static const struct hsds_branch program_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field service_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("organization_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("program_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_PROGRAM, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_FULL),
    FIELD("alternate_name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("url", HSDS_URI, HSDS_OPTIONAL),
    FIELD("email", HSDS_EMAIL, HSDS_OPTIONAL),
    FIELD("status", HSDS_TEXT, HSDS_FULL, .choices = statuses),
    FIELD("interpretation_services", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("application_process", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("fees_description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("wait_time", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("fees", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("accreditations", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("eligibility_description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("minimum_age", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("maximum_age", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("assured_date", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("assurer_email", HSDS_EMAIL, HSDS_OPTIONAL),
    FIELD("licenses", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("alert", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("last_modified", HSDS_DATETIME, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch service_branches[] = {
    BRANCH("phones", HSDS_PHONE, "service_id", true),
    BRANCH("schedules", HSDS_SCHEDULE, "service_id", true),
    BRANCH("service_areas", HSDS_SERVICE_AREA, "service_id", true),
    BRANCH("service_at_locations", HSDS_SERVICE_AT_LOCATION, "service_id", true),
    BRANCH("languages", HSDS_LANGUAGE, "service_id", true),
    BRANCH("organization", HSDS_ORGANIZATION, "organization_id", false),
    BRANCH("funding", HSDS_FUNDING, "service_id", true),
    BRANCH("cost_options", HSDS_COST_OPTION, "service_id", true),
    BRANCH("program", HSDS_PROGRAM, "program_id", false),
    BRANCH("required_documents", HSDS_REQUIRED_DOCUMENT, "service_id", true),
    BRANCH("contacts", HSDS_CONTACT, "service_id", true),
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
    {0}};
static const struct hsds_field attribute_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("link_id", HSDS_UUID, HSDS_TABLE, .refers = HSDS_ANY, .is_reference = true),
    FIELD("taxonomy_term_id", HSDS_UUID, HSDS_TABLE, .refers = HSDS_TAXONOMY_TERM, .is_reference = true),
    FIELD("link_type", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("link_entity", HSDS_TEXT, HSDS_TABLE),
    FIELD("value", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch attribute_branches[] = {
    BRANCH("taxonomy_term", HSDS_TAXONOMY_TERM, "taxonomy_term_id", false),
    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
    {0}};
static const struct hsds_field service_at_location_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("location_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch service_at_location_branches[] = {
    BRANCH("contacts", HSDS_CONTACT, "service_at_location_id", true),
    BRANCH("phones", HSDS_PHONE, "service_at_location_id", true),
    BRANCH("schedules", HSDS_SCHEDULE, "service_at_location_id", true),
    BRANCH("location", HSDS_LOCATION, "location_id", false),
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
    BRANCH("service", HSDS_SERVICE, "service_id", false),
    {0}};
static const struct hsds_field location_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("location_type", HSDS_TEXT, HSDS_FULL, .choices = places),
    FIELD("url", HSDS_URI, HSDS_OPTIONAL),
    FIELD("organization_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("alternate_name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("transportation", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("latitude", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("longitude", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("external_identifier", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("external_identifier_type", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch location_branches[] = {BRANCH("languages", HSDS_LANGUAGE, "location_id", true),
                                                       BRANCH("addresses", HSDS_ADDRESS, "location_id", true),
                                                       BRANCH("contacts", HSDS_CONTACT, "location_id", true),
                                                       BRANCH("accessibility", HSDS_ACCESSIBILITY, "location_id", true),
                                                       BRANCH("phones", HSDS_PHONE, "location_id", true),
                                                       BRANCH("schedules", HSDS_SCHEDULE, "location_id", true),
                                                       BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
                                                       BRANCH("metadata", HSDS_METADATA, "resource_id", true),
                                                       {0}};
static const struct hsds_field phone_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("organization_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("contact_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_CONTACT, .is_reference = true),
    FIELD("service_at_location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE_AT_LOCATION, .is_reference = true),
    FIELD("number", HSDS_TEXT, HSDS_FULL),
    FIELD("extension", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("type", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch phone_branches[] = {BRANCH("languages", HSDS_LANGUAGE, "phone_id", true),
                                                    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
                                                    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
                                                    {0}};
static const struct hsds_field contact_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("organization_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("service_at_location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE_AT_LOCATION, .is_reference = true),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("title", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("department", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("email", HSDS_EMAIL, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch contact_branches[] = {BRANCH("phones", HSDS_PHONE, "contact_id", true),
                                                      BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true),
                                                      BRANCH("metadata", HSDS_METADATA, "resource_id", true),
                                                      {0}};
static const struct hsds_field address_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("attention", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("address_1", HSDS_TEXT, HSDS_KEY),
    FIELD("address_2", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("city", HSDS_TEXT, HSDS_KEY),
    FIELD("region", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("state_province", HSDS_TEXT, HSDS_KEY),
    FIELD("postal_code", HSDS_TEXT, HSDS_KEY),
    FIELD("country", HSDS_TEXT, HSDS_KEY),
    FIELD("address_type", HSDS_TEXT, HSDS_KEY, .choices = places),
    {0}};
static const struct hsds_branch address_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field schedule_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("service_at_location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE_AT_LOCATION, .is_reference = true),
    FIELD("valid_from", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("valid_to", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("dtstart", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("timezone", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("until", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("count", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("wkst", HSDS_TEXT, HSDS_OPTIONAL, .choices = days),
    FIELD("freq", HSDS_TEXT, HSDS_OPTIONAL, .choices = frequencies),
    FIELD("interval", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("byday", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("byweekno", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("bymonthday", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("byyearday", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("opens_at", HSDS_TIME, HSDS_OPTIONAL),
    FIELD("closes_at", HSDS_TIME, HSDS_OPTIONAL),
    FIELD("schedule_link", HSDS_URI, HSDS_OPTIONAL),
    FIELD("attending_type", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("notes", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch schedule_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field funding_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("organization_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("source", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch funding_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field service_area_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("extent", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("extent_type", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("uri", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch service_area_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field required_document_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("document", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("uri", HSDS_URI, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch required_document_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field language_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("phone_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_PHONE, .is_reference = true),
    FIELD("name", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("code", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("note", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch language_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field accessibility_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("location_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_LOCATION, .is_reference = true),
    FIELD("description", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("details", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("url", HSDS_URI, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch accessibility_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field taxonomy_term_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("code", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("name", HSDS_TEXT, HSDS_FULL),
    FIELD("description", HSDS_TEXT, HSDS_KEY),
    FIELD("parent_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_TAXONOMY_TERM, .is_reference = true),
    FIELD("taxonomy", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("language", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("taxonomy_id", HSDS_UUID, HSDS_OPTIONAL, .refers = HSDS_TAXONOMY, .is_reference = true),
    FIELD("term_uri", HSDS_URI, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch taxonomy_term_branches[] = {
    BRANCH("taxonomy_detail", HSDS_TAXONOMY, "taxonomy_id", false),
    BRANCH("metadata", HSDS_METADATA, "resource_id", true),
    {0}};
static const struct hsds_field metadata_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("resource_id", HSDS_UUID, HSDS_TABLE, .refers = HSDS_ANY, .is_reference = true),
    FIELD("resource_type", HSDS_TEXT, HSDS_TABLE),
    FIELD("last_action_date", HSDS_DATE, HSDS_KEY),
    FIELD("last_action_type", HSDS_TEXT, HSDS_KEY),
    FIELD("field_name", HSDS_TEXT, HSDS_KEY),
    FIELD("previous_value", HSDS_TEXT, HSDS_KEY),
    FIELD("replacement_value", HSDS_TEXT, HSDS_KEY),
    FIELD("updated_by", HSDS_TEXT, HSDS_KEY),
    {0}};
static const struct hsds_field meta_table_description_fields[] = {FIELD("id", HSDS_UUID, HSDS_FULL),
                                                                  FIELD("name", HSDS_TEXT, HSDS_OPTIONAL),
                                                                  FIELD("language", HSDS_TEXT, HSDS_OPTIONAL),
                                                                  FIELD("character_set", HSDS_TEXT, HSDS_OPTIONAL),
                                                                  {0}};
static const struct hsds_branch meta_table_description_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field cost_option_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("service_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_SERVICE, .is_reference = true),
    FIELD("valid_from", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("valid_to", HSDS_DATE, HSDS_OPTIONAL),
    FIELD("option", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("currency", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("amount", HSDS_NUMBER, HSDS_OPTIONAL),
    FIELD("amount_description", HSDS_TEXT, HSDS_OPTIONAL),
    {0}};
static const struct hsds_branch cost_option_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field organization_identifier_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),
    FIELD("organization_id", HSDS_UUID, HSDS_PARENT, .refers = HSDS_ORGANIZATION, .is_reference = true),
    FIELD("identifier_scheme", HSDS_TEXT, HSDS_OPTIONAL),
    FIELD("identifier_type", HSDS_TEXT, HSDS_FULL),
    FIELD("identifier", HSDS_TEXT, HSDS_FULL),
    {0}};
static const struct hsds_branch organization_identifier_branches[] = {
    BRANCH("attributes", HSDS_ATTRIBUTE, "link_id", true), BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
static const struct hsds_field taxonomy_fields[] = {
    FIELD("id", HSDS_UUID, HSDS_FULL),          FIELD("name", HSDS_TEXT, HSDS_FULL),
    FIELD("description", HSDS_TEXT, HSDS_KEY),  FIELD("uri", HSDS_URI, HSDS_OPTIONAL),
    FIELD("version", HSDS_TEXT, HSDS_OPTIONAL), {0}};
static const struct hsds_branch taxonomy_branches[] = {BRANCH("metadata", HSDS_METADATA, "resource_id", true), {0}};
const struct hsds_table hsds_tables[HSDS_KINDS] = {
    [HSDS_ORGANIZATION] = {"organization", "organizations.csv", organization_fields, organization_branches},
    [HSDS_PROGRAM] = {"program", "programs.csv", program_fields, program_branches},
    [HSDS_SERVICE] = {"service", "services.csv", service_fields, service_branches},
    [HSDS_ATTRIBUTE] = {"attribute", "attributes.csv", attribute_fields, attribute_branches},
    [HSDS_SERVICE_AT_LOCATION] = {"service_at_location", "service_at_location.csv", service_at_location_fields,
                                  service_at_location_branches},
    [HSDS_LOCATION] = {"location", "locations.csv", location_fields, location_branches},
    [HSDS_PHONE] = {"phone", "phones.csv", phone_fields, phone_branches},
    [HSDS_CONTACT] = {"contact", "contacts.csv", contact_fields, contact_branches},
    [HSDS_ADDRESS] = {"address", "addresses.csv", address_fields, address_branches},
    [HSDS_SCHEDULE] = {"schedule", "schedules.csv", schedule_fields, schedule_branches},
    [HSDS_FUNDING] = {"funding", "funding.csv", funding_fields, funding_branches},
    [HSDS_SERVICE_AREA] = {"service_area", "service_areas.csv", service_area_fields, service_area_branches},
    [HSDS_REQUIRED_DOCUMENT] = {"required_document", "required_documents.csv", required_document_fields,
                                required_document_branches},
    [HSDS_LANGUAGE] = {"language", "languages.csv", language_fields, language_branches},
    [HSDS_ACCESSIBILITY] = {"accessibility", "accessibility.csv", accessibility_fields, accessibility_branches},
    [HSDS_TAXONOMY_TERM] = {"taxonomy_term", "taxonomy_terms.csv", taxonomy_term_fields, taxonomy_term_branches},
    [HSDS_METADATA] = {"metadata", "metadata.csv", metadata_fields, no_branches},
    [HSDS_META_TABLE_DESCRIPTION] = {"meta_table_description", "meta_table_descriptions.csv",
                                     meta_table_description_fields, meta_table_description_branches},
    [HSDS_COST_OPTION] = {"cost_option", "cost_options.csv", cost_option_fields, cost_option_branches},
    [HSDS_ORGANIZATION_IDENTIFIER] = {"organization_identifier", "organization_identifiers.csv",
                                      organization_identifier_fields, organization_identifier_branches},
    [HSDS_TAXONOMY] = {"taxonomy", "taxonomies.csv", taxonomy_fields, taxonomy_branches},
};

const struct hsds_field *hsds_field(enum hsds_kind kind, struct str name)
{
  for (const struct hsds_field *f = hsds_tables[kind].fields; f->name; f++)
    if (str_is(name, f->name))
      return f;
  return NULL;
}

const struct hsds_branch *hsds_branch(enum hsds_kind kind, struct str name)
{
  for (const struct hsds_branch *b = hsds_tables[kind].branches; b->name; b++)
    if (str_is(name, b->name))
      return b;
  return NULL;
}

bool hsds_kind_parse(struct str code, enum hsds_kind *ret)
{
  for (int k = 0; k < HSDS_KINDS; k++)
    if (str_is(code, hsds_tables[k].name)) {
      *ret = (enum hsds_kind)k;
      return true;
    }
  return false;
}
