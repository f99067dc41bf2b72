Libraries that Landshift uses at run time, with their licences. Where several are named, any one of them may be chosen.
Made by the Maven profile "licences"; do not edit.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
<#assign licenses = entry.getValue()/>
<#if project.groupId != "io.landshift">
${project.groupId}:${project.artifactId}:${project.version}  <#list licenses as license>${license}<#sep> or </#sep></#list>
</#if>
</#list>
