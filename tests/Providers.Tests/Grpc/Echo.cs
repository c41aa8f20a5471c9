using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace GitOpsSecrets.Providers.Tests.Grpc;

/// <summary>What a generator would make of a service, for Google's own server.</summary>
public static class Echo
{
    public static void Bind(ServiceBinderBase binder, Service? service)
    {
        // The server finds the methods by their names.
        foreach (var name in (string[])[nameof(Service.Say), nameof(Service.Token), nameof(Service.End)]) binder.AddMethod(MethodOf(name), (UnaryServerMethod<BytesValue, BytesValue>?)null!);
    }

    private static Method<BytesValue, BytesValue> MethodOf(string name)
    {
        var marshaller = Marshallers.Create(value => value.ToByteArray(), BytesValue.Parser.ParseFrom);
        return new Method<BytesValue, BytesValue>(MethodType.Unary, "probe.Echo", name, marshaller, marshaller);
    }

    [BindServiceMethod(typeof(Echo), nameof(Bind))]
    public abstract class Service
    {
        public abstract Task<BytesValue> Say(BytesValue request, ServerCallContext context);

        public abstract Task<BytesValue> Token(BytesValue request, ServerCallContext context);

        public abstract Task<BytesValue> End(BytesValue request, ServerCallContext context);
    }
}
