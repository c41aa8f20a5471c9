using GitOpsSecrets.LocalCluster.Schema;

namespace GitOpsSecrets.LocalCluster.Resources;

/// <summary>The built-in resources that are served, in the order of discovery.</summary>
internal static class CoreResources
{
    private const string Core = "io.k8s.api.core.v1.";
    private const string Apps = "io.k8s.api.apps.v1.";
    private const string Rbac = "rbac.authorization.k8s.io";

    public static IEnumerable<ResourceType> All(SchemaCatalog schemas) =>
    [
        .. CoreGroup(schemas),
        .. Workloads(schemas),
        .. Access(schemas),
        .. Others(schemas),
    ];

    private static IEnumerable<ResourceType> CoreGroup(SchemaCatalog schemas)
    {
        ResourceType Make(string plural, string kind, params string[] shortNames) => Build(schemas, "", "v1", plural, kind, Core + kind, shortNames);
        yield return Make("configmaps", "ConfigMap", "cm") with { Rules = ConfigMapRules.Rules };
        yield return Make("endpoints", "Endpoints", "ep") with { ListKindOverride = "EndpointsList" };
        yield return Make("events", "Event", "ev");
        yield return Make("limitranges", "LimitRange", "limits");
        yield return Make("namespaces", "Namespace", "ns") with { IsNamespaced = false, HasStatus = true, Rules = NamespaceRules.Rules };
        yield return Make("nodes", "Node", "no") with { IsNamespaced = false, HasStatus = true };
        yield return Make("persistentvolumeclaims", "PersistentVolumeClaim", "pvc") with { HasStatus = true };
        yield return Make("persistentvolumes", "PersistentVolume", "pv") with { IsNamespaced = false, HasStatus = true };
        yield return Make("pods", "Pod", "po") with { HasStatus = true, Categories = ["all"], Rules = WorkloadRules.Pod };
        yield return Make("podtemplates", "PodTemplate");
        yield return Make("replicationcontrollers", "ReplicationController", "rc") with { HasStatus = true, Scale = ScaleFields.OfWorkloads, CountsGenerations = true, Categories = ["all"] };
        yield return Make("resourcequotas", "ResourceQuota", "quota") with { HasStatus = true };
        yield return Make("secrets", "Secret") with { Rules = SecretRules.Rules };
        yield return Make("serviceaccounts", "ServiceAccount", "sa");
        yield return Make("services", "Service", "svc") with { HasStatus = true, Categories = ["all"], Rules = ServiceRules.Rules };
    }

    private static IEnumerable<ResourceType> Workloads(SchemaCatalog schemas)
    {
        ResourceType Make(string plural, string kind, params string[] shortNames) =>
            Build(schemas, "apps", "v1", plural, kind, Apps + kind, shortNames) with
            {
                HasStatus = true,
                CountsGenerations = true,
                Categories = ["all"],
                Rules = WorkloadRules.Templated,
            };

        yield return Build(schemas, "apps", "v1", "controllerrevisions", "ControllerRevision", Apps + "ControllerRevision");
        yield return Make("daemonsets", "DaemonSet", "ds");
        yield return Make("deployments", "Deployment", "deploy") with { Rules = WorkloadRules.Deployment, Scale = ScaleFields.OfWorkloads };
        yield return Make("replicasets", "ReplicaSet", "rs") with { Scale = ScaleFields.OfWorkloads };
        yield return Make("statefulsets", "StatefulSet", "sts") with { Scale = ScaleFields.OfWorkloads };
        yield return Build(schemas, "batch", "v1", "jobs", "Job", "io.k8s.api.batch.v1.Job") with { HasStatus = true, Categories = ["all"], Rules = WorkloadRules.Templated };
        yield return Build(schemas, "batch", "v1", "cronjobs", "CronJob", "io.k8s.api.batch.v1beta1.CronJob", "cj") with { HasStatus = true, Categories = ["all"] };
    }

    private static IEnumerable<ResourceType> Access(SchemaCatalog schemas)
    {
        ResourceType Make(string plural, string kind) => Build(schemas, Rbac, "v1", plural, kind, "io.k8s.api.rbac.v1." + kind);
        yield return Make("clusterrolebindings", "ClusterRoleBinding") with { IsNamespaced = false, Rules = RbacRules.Binding };
        yield return Make("clusterroles", "ClusterRole") with { IsNamespaced = false, Rules = RbacRules.Role };
        yield return Make("rolebindings", "RoleBinding") with { Rules = RbacRules.Binding };
        yield return Make("roles", "Role") with { Rules = RbacRules.Role };
    }

    private static IEnumerable<ResourceType> Others(SchemaCatalog schemas)
    {
        const string Admission = "admissionregistration.k8s.io";
        yield return Build(schemas, "coordination.k8s.io", "v1", "leases", "Lease", "io.k8s.api.coordination.v1.Lease");
        yield return Build(schemas, "events.k8s.io", "v1", "events", "Event", "io.k8s.api.events.v1.Event", "ev") with
        {
            CollectionOverride = "events",
            StorageApiVersion = "v1",
            FromStorage = EventConversion.FromCore,
            ToStorage = EventConversion.ToCore,
        };
        yield return Build(schemas, "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "io.k8s.api.policy.v1beta1.PodDisruptionBudget", "pdb") with
        {
            HasStatus = true,
            CountsGenerations = true,
        };
        yield return Build(schemas, "networking.k8s.io", "v1", "ingressclasses", "IngressClass", "io.k8s.api.networking.v1.IngressClass") with { IsNamespaced = false };
        yield return Build(schemas, "networking.k8s.io", "v1", "ingresses", "Ingress", "io.k8s.api.networking.v1.Ingress", "ing") with { HasStatus = true, CountsGenerations = true };
        yield return Build(schemas, "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "io.k8s.api.networking.v1.NetworkPolicy", "netpol") with { CountsGenerations = true };
        yield return Build(schemas, "autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler", "hpa") with { HasStatus = true };
        yield return Build(schemas, "scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", "io.k8s.api.scheduling.v1.PriorityClass", "pc") with { IsNamespaced = false };
        yield return Build(schemas, "storage.k8s.io", "v1", "storageclasses", "StorageClass", "io.k8s.api.storage.v1.StorageClass", "sc") with { IsNamespaced = false };
        yield return Build(schemas, Admission, "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration") with { IsNamespaced = false, CountsGenerations = true };
        yield return Build(schemas, Admission, "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration") with { IsNamespaced = false, CountsGenerations = true };
        yield return Build(schemas, CustomResources.CustomResourceRules.Group, "v1", "customresourcedefinitions", "CustomResourceDefinition", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition", "crd", "crds") with
        {
            IsNamespaced = false,
            HasStatus = true,
            CountsGenerations = true,
            Categories = ["api-extensions"],
            Rules = CustomResources.CustomResourceRules.Rules,
        };
    }

    private static ResourceType Build(SchemaCatalog schemas, string group, string version, string plural, string kind, string definition, params string[] shortNames) => new()
    {
        Group = group,
        Version = version,
        Plural = plural,
        Singular = kind.ToLowerInvariant(),
        Kind = kind,
        ShortNames = shortNames,
        Schema = schemas.Resolve(definition),
        DefinitionName = definition,
        Columns = Tables.CoreColumns.For(plural, group),
    };
}
