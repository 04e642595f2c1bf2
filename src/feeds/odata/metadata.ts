// $metadata: what the sets are, for tools that read it (CSDL XML 4.0), and what can be asked of them, in the words of the
// vocabularies Core and Capabilities of OASIS.
import { functions } from './filter/functions.js'
import type { EntitySet, Property } from './model.js'
import { sets } from './sets.js'

const namespace = 'Outturn'

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#xA;')

const attributes = (of: Record<string, string | number | undefined>) => Object.entries(of)
  .flatMap(([name, value]) => value === undefined ? [] : [` ${name}="${escaped(String(value))}"`]).join('')

const described = (about: string) => `<Annotation Term="Core.Description"${attributes({ String: about })}/>`

/** Facets that a type needs: any number of decimals, and instants to the microsecond. */
const facets = ({ type, maxLength }: Property) => ({
  MaxLength: maxLength,
  ...(type === 'Decimal' && { Scale: 'variable' }),
  ...(type === 'DateTimeOffset' && { Precision: 6 })
})

const property = (one: Property) => `
        <Property${attributes({ Name: one.name, Type: `Edm.${one.type}`, ...(!one.nullable && { Nullable: 'false' }), ...facets(one) })}>${described(one.about)}</Property>`

const entityType = ({ type, about, key, properties }: EntitySet) => `
      <EntityType Name="${type}">
        <Key>${key.map(name => `<PropertyRef Name="${name}"/>`).join('')}</Key>${properties.map(property).join('')}
        ${described(about)}
      </EntityType>`

const never = (term: string, property: string) =>
  `<Annotation Term="Capabilities.${term}"><Record><PropertyValue Property="${property}" Bool="false"/></Record></Annotation>`

const restrictions = [
  never('ExpandRestrictions', 'Expandable'),
  never('SearchRestrictions', 'Searchable'),
  never('InsertRestrictions', 'Insertable'),
  never('UpdateRestrictions', 'Updatable'),
  never('DeleteRestrictions', 'Deletable'),
  '<Annotation Term="Capabilities.TopSupported" Bool="true"/>',
  '<Annotation Term="Capabilities.SkipSupported" Bool="true"/>'
].map(line => `\n          ${line}`).join('')

const entitySet = ({ name, type, about }: EntitySet) => `
        <EntitySet Name="${name}" EntityType="${namespace}.${type}">
          ${described(about)}${restrictions}
        </EntitySet>`

const vocabulary = (name: string) => `
  <edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.${name}.V1.xml">
    <edmx:Include Namespace="Org.OData.${name}.V1" Alias="${name}"/>
  </edmx:Reference>`

export const metadata = `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">${['Core', 'Capabilities'].map(vocabulary).join('')}
  <edmx:DataServices>
    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="${namespace}">${sets.map(entityType).join('')}
      <EntityContainer Name="Service">${sets.map(entitySet).join('')}
        <Annotation Term="Capabilities.ConformanceLevel" EnumMember="Capabilities.ConformanceLevelType/Intermediate"/>
        <Annotation Term="Capabilities.AsynchronousRequestsSupported" Bool="false"/>
        <Annotation Term="Capabilities.BatchSupported" Bool="false"/>
        <Annotation Term="Capabilities.FilterFunctions">
          <Collection>${[...functions.keys()].map(name => `<String>${name}</String>`).join('')}</Collection>
        </Annotation>
      </EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
`
