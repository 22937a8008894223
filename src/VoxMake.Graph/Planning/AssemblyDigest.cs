using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>
/// A digest of what an assembly does: its metadata and IL, and nothing else. Ahead-of-time code, debug information, signatures, time stamps, the module's version id and
/// addresses inside the file are left out, so that a compiled-ahead copy, another folder, or another comment in the source give the same digest (ECMA-335 II.24, II.25).
/// </summary>
public static class AssemblyDigest
{
    /// <summary>The digest of a managed assembly.</summary>
    /// <exception cref="BadImageFormatException">It is none.</exception>
    public static Digest Of(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file, PEStreamOptions.PrefetchEntireImage);
        var reader = image.GetMetadataReader();
        var metadata = image.GetMetadata().GetContent().ToArray();
        ClearMoving(reader, metadata);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(metadata);
        foreach (var handle in reader.MethodDefinitions)
        {
            var address = reader.GetMethodDefinition(handle).RelativeVirtualAddress;
            if (address == 0) continue;
            var body = image.GetMethodBody(address);
            hash.AppendData(BitConverter.GetBytes(body.MaxStack));
            hash.AppendData([body.LocalVariablesInitialized ? (byte)1 : (byte)0]);
            hash.AppendData(BitConverter.GetBytes(body.LocalSignature.IsNil ? 0 : MetadataTokens.GetToken(body.LocalSignature)));
            hash.AppendData(body.GetILContent().AsSpan());
            foreach (var region in body.ExceptionRegions)
            {
                int[] numbers = [(int)region.Kind, region.TryOffset, region.TryLength, region.HandlerOffset, region.HandlerLength, region.FilterOffset,
                    region.CatchType.IsNil ? 0 : MetadataTokens.GetToken(region.CatchType)];
                foreach (var number in numbers) hash.AppendData(BitConverter.GetBytes(number));
            }
        }
        AppendStaticData(image, reader, hash);
        if (image.PEHeaders.CorHeader!.ResourcesDirectory is { Size: > 0 } resources)
            hash.AppendData(image.GetSectionData(resources.RelativeVirtualAddress).GetContent(0, resources.Size).AsSpan());
        return Digest.FromBytes(hash.GetHashAndReset());
    }

    /// <summary>Names of the assemblies that it refers to.</summary>
    public static IReadOnlyList<string> References(string path)
    {
        using var file = File.OpenRead(path);
        using var image = new PEReader(file);
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }

    /// <summary>Zeroes the module's version id and the addresses in the tables Method and FieldRVA.</summary>
    private static void ClearMoving(MetadataReader reader, byte[] metadata)
    {
        var guids = reader.GetHeapMetadataOffset(HeapIndex.Guid);
        metadata.AsSpan(guids, reader.GetHeapSize(HeapIndex.Guid)).Clear();
        foreach (var table in new[] { TableIndex.MethodDef, TableIndex.FieldRva })
        {
            var start = reader.GetTableMetadataOffset(table);
            var size = reader.GetTableRowSize(table);
            for (var row = 0; row < reader.GetTableRowCount(table); row++) metadata.AsSpan(start + row * size, 4).Clear();
        }
        // In the debug directory's place a compiled-ahead file says so in its metadata version only: the root header is left as it is.
    }

    /// <summary>The bytes behind fields with initial data (array literals, UTF-8 literals). Their length is that of the field's type.</summary>
    private static void AppendStaticData(PEReader image, MetadataReader reader, IncrementalHash hash)
    {
        foreach (var handle in reader.FieldDefinitions)
        {
            var field = reader.GetFieldDefinition(handle);
            var address = field.GetRelativeVirtualAddress();
            if (address == 0) continue;
            var size = field.DecodeSignature(new SizeProvider(reader), null);
            hash.AppendData(image.GetSectionData(address).GetContent(0, size).AsSpan());
        }
    }

    private sealed class SizeProvider(MetadataReader metadata) : ISignatureTypeProvider<int, object?>
    {
        public int GetPrimitiveType(PrimitiveTypeCode code) => code switch
        {
            PrimitiveTypeCode.Boolean or PrimitiveTypeCode.SByte or PrimitiveTypeCode.Byte => 1,
            PrimitiveTypeCode.Char or PrimitiveTypeCode.Int16 or PrimitiveTypeCode.UInt16 => 2,
            PrimitiveTypeCode.Int32 or PrimitiveTypeCode.UInt32 or PrimitiveTypeCode.Single => 4,
            PrimitiveTypeCode.Int64 or PrimitiveTypeCode.UInt64 or PrimitiveTypeCode.Double => 8,
            _ => 0,
        };

        public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => metadata.GetTypeDefinition(handle).GetLayout().Size;
        public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => 0;
        public int GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) => 0;
        public int GetSZArrayType(int elementType) => 0;
        public int GetArrayType(int elementType, ArrayShape shape) => 0;
        public int GetByReferenceType(int elementType) => 0;
        public int GetPointerType(int elementType) => 0;
        public int GetGenericInstantiation(int genericType, System.Collections.Immutable.ImmutableArray<int> arguments) => 0;
        public int GetGenericMethodParameter(object? context, int index) => 0;
        public int GetGenericTypeParameter(object? context, int index) => 0;
        public int GetFunctionPointerType(MethodSignature<int> signature) => 0;
        public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => unmodifiedType;
        public int GetPinnedType(int elementType) => elementType;
    }
}
